import type { GrantContext } from "@keyturn/core/provider";
import { grantContext } from "@keyturn/core/testing";
import { describe, expect, it } from "vitest";
import { type DeviceCodeOptions, type DevicePrompt, deviceCode } from "./index.ts";

const device = {
  device_code: "made-up-device-code",
  user_code: "WDJB-MJHT",
  verification_uri: "https://login.example.com/device",
  expires_in: 600,
  interval: 5,
};
const issued = { access_token: "at-1", token_type: "Bearer", expires_in: 3600 };
const pending = () => Response.json({ error: "authorization_pending" }, { status: 400 });
const slowDown = () => Response.json({ error: "slow_down" }, { status: 400 });
const done = () => Response.json(issued);

/** Plays a login: the device's answer, then these answers to the looks. Time passes only by sleeping. */
async function play(answers: readonly (() => Response)[], given: object = device, onPrompt: DeviceCodeOptions["onPrompt"] = () => {}) {
  const waits: number[] = [];
  const prompts: DevicePrompt[] = [];
  const left = [...answers];
  let time = 1_000_000;
  const context: GrantContext = {
    ...grantContext({
      now: () => time,
      fetch: async (input) => (String(input).endsWith("/device") ? Response.json(given) : (left.shift() ?? pending)()),
    }),
    async sleep(ms) {
      waits.push(ms);
      time += ms;
    },
  };
  const provider = deviceCode({
    ...{
      tokenEndpoint: "https://login.example.com/token",
      deviceAuthorizationEndpoint: "https://login.example.com/device",
      clientId: "tv",
    },
    onPrompt(prompt) {
      prompts.push(prompt);
      return onPrompt(prompt);
    },
  });
  const outcome = await provider.login(undefined, context).then(
    ({ accessToken }) => accessToken,
    (error) => error.code,
  );
  return { outcome, waits, prompts };
}

describe("the device authorization grant", () => {
  it("shows the person code and address, and when they end", async () => {
    const { outcome, prompts } = await play([done], {
      ...device,
      verification_uri_complete: "https://login.example.com/device?code=WDJB-MJHT",
    });
    expect(outcome).toBe("at-1");
    expect(prompts).toMatchObject([
      {
        ...{ userCode: "WDJB-MJHT", verificationUri: "https://login.example.com/device", expiresAt: 1_600_000 },
        verificationUriComplete: "https://login.example.com/device?code=WDJB-MJHT",
      },
    ]);
  });

  it("[162] looks as often as the server says in digits, five seconds where it says nothing", async () => {
    expect((await play([pending, pending, done], { ...device, interval: 2 })).waits).toEqual([2_000, 2_000, 2_000]);
    for (const interval of [undefined, "1 s", "0x1", [1], true, 0, -1])
      expect((await play([pending, done], { ...device, interval })).waits).toEqual([5_000, 5_000]);
    expect((await play([pending, done], { ...device, interval: "2" })).waits).toEqual([2_000, 2_000]);
  });

  it("looks five seconds less often after each slow_down, from then on (RFC 8628, section 3.5)", async () => {
    expect((await play([slowDown, pending, slowDown, done])).waits).toEqual([5_000, 10_000, 10_000, 15_000]);
  });

  it("looks half as often after a look without an answer, and goes on", async () => {
    const lost = () => {
      throw new TypeError("fetch failed");
    };
    expect(await play([lost, () => new Response("", { status: 502 }), done])).toMatchObject({
      outcome: "at-1",
      waits: [5_000, 10_000, 20_000],
    });
  });

  it.each(["access_denied", "expired_token", "token_expired"])("ends with %s as a refusal, which is final", async (error) => {
    expect((await play([pending, () => Response.json({ error }, { status: 400 })])).outcome).toBe("credentials-rejected");
  });

  it("ends by itself when the code's time is over", async () => {
    const { outcome, waits } = await play([], { ...device, expires_in: 12 });
    expect(outcome).toBe("credentials-rejected");
    expect(waits).toHaveLength(3);
  });

  it("ends when it is cancelled, with no further look", async () => {
    const { outcome, waits } = await play([done], device, ({ cancel }) => cancel());
    expect(outcome).toBe("credentials-rejected");
    expect(waits).toHaveLength(1);
  });

  it.each([
    ["device_code", { ...device, device_code: undefined }],
    ["user_code", { ...device, user_code: "" }],
    ["expires_in", { ...device, expires_in: "soon" }],
    ["expires_in in digits [162]", { ...device, expires_in: "0x10" }],
    ["expires_in as a number [162]", { ...device, expires_in: [600] }],
  ])("does not take an answer without %s", async (_, answer) => {
    expect((await play([done], answer)).outcome).toBe("token-response-malformed");
  });

  it("ends at once where the server wants the client configured otherwise", async () => {
    const { outcome, waits } = await play([() => Response.json({ error: "unauthorized_client" }, { status: 400 })]);
    expect(outcome).toBe("misconfigured");
    expect(waits).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import { defaultOAuth2PublicClient, defaultOAuth2User, type OAuth2Options } from "./index.ts";
import { origin, refusal, start } from "./requests.fixture.ts";

const { clientId: client_id } = defaultOAuth2PublicClient;
const { username, password } = defaultOAuth2User;

async function begin(options: OAuth2Options = {}) {
  const server = start(options);
  const device = await (await server.post("/device_authorization", { client_id, scope: "openid" }, {})).json();
  const look = () =>
    server.token({ grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id, device_code: device.device_code }, {});
  const wait = (seconds = 5) => server.clock.advance(seconds * 1000);
  const submit = async (form: Record<string, string>) =>
    (await server.fetch(`${origin}/device`, { method: "POST", body: new URLSearchParams(form) })).text();
  return { ...server, device, look, wait, submit };
}

describe("a device", () => {
  it("is told what to show, as RFC 8628, section 3.2 has it", async () => {
    const { device } = await begin();
    expect(device).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/),
      user_code: expect.stringMatching(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/),
      verification_uri: `${origin}/device`,
      verification_uri_complete: `${origin}/device?user_code=${device.user_code}`,
      expires_in: 600,
      interval: 5,
    });
    expect((await begin({ deviceInterval: undefined })).device).not.toHaveProperty("interval");
  });

  it("is let in by itself after so many looks as devicePending says", async () => {
    const { look, wait, control } = await begin({ devicePending: 2 });
    for (let looks = 0; looks < 2; looks += 1, wait()) expect(await refusal(look())).toEqual([400, "authorization_pending"]);
    expect(await (await look()).json()).toMatchObject({ id_token: expect.any(String), refresh_token: expect.any(String) });
    expect(control.count("poll", 400)).toBe(2);
    wait();
    expect(await refusal(look())).toEqual([400, "invalid_grant"]);
  });

  it("that looks too often is told to slow down, and has to wait five seconds longer from then on", async () => {
    const { look, wait } = await begin({ approval: "person" });
    await look();
    wait(4);
    expect(await refusal(look())).toEqual([400, "slow_down"]);
    wait(6);
    expect(await refusal(look())).toEqual([400, "slow_down"]);
    wait(15);
    expect(await refusal(look())).toEqual([400, "authorization_pending"]);
  });

  it("is let in by a person at the page, whatever the case of the code, with their own password", async () => {
    const { device, look, wait, submit, fetch } = await begin({ approval: "person" });
    const page = await (await fetch(device.verification_uri_complete)).text();
    expect(page).toContain(`value="${device.user_code}"`);
    expect(await submit({ user_code: "AAAA-AAAA", username, password, decision: "allow" })).toContain("No device shows this code");
    const user_code = device.user_code.toLowerCase().replace("-", " ");
    expect(await submit({ user_code, username, password: "Wrong-Horse-9!", decision: "allow" })).toContain("is wrong");
    expect(await refusal(look())).toEqual([400, "authorization_pending"]);
    await submit({ user_code, username, password, decision: "allow" });
    wait();
    expect((await look()).status).toBe(200);
  });

  it("is refused where the person says no, or nobody decides in time", async () => {
    const { device, look, control } = await begin({ approval: "person" });
    expect(control.decideDevice(device.user_code, "deny")).toBe(true);
    expect(control.decideDevice(device.user_code, "allow")).toBe(false);
    expect(await refusal(look())).toEqual([400, "access_denied"]);
    const late = await begin({ approval: "person" });
    late.wait(600);
    expect(late.control.decideDevice(late.device.user_code, "allow")).toBe(false);
    expect(await refusal(late.look())).toEqual([400, "expired_token"]);
  });
});

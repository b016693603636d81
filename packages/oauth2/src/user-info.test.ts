import type { Fetch } from "@keyturn/core/provider";
import { describe, expect, it } from "vitest";
import { type Discovery, userInfo } from "./index.ts";

const issuer = "https://login.example.com";
const server: Discovery = { issuer, metadata: async () => ({ issuer, userinfo_endpoint: `${issuer}/me` }), outdated() {} };
const answering = (answer: () => Response): { readonly fetch: Fetch } => ({ fetch: async () => answer() });

describe("userInfo()", () => {
  it("is what the server tells of the person", async () => {
    const auth = answering(() => Response.json({ sub: "ann", email: "ann@example.com" }));
    expect(await userInfo(auth, server, { subject: "ann" })).toEqual({ sub: "ann", email: "ann@example.com" });
  });

  it.each([
    ["about somebody else", () => Response.json({ sub: "eve" })],
    ["[161] of more than 1 MiB", () => Response.json({ sub: "ann", padding: "x".repeat(1_048_576) })],
    ["without a body", () => new Response(null, { status: 204 })],
    ["that breaks off", () => new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) }))],
  ])("an answer %s is malformed", async (_, answer) => {
    await expect(userInfo(answering(answer), server, { subject: "ann" })).rejects.toMatchObject({ code: "token-response-malformed" });
  });
});

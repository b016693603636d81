import { describe, expect, it } from "vitest";
import { base64, basic, jwtClaims, membersOf } from "./index.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64url");

describe("the claims of a token", () => {
  it("are read as UTF-8, from base64url without padding", () => {
    const claims = { username: "zoë 🐴", sub: "??>>~~" };
    expect(jwtClaims(`${encoded("{}")}.${encoded(JSON.stringify(claims))}.signature`)).toEqual(claims);
  });

  it.each(["", "opaque", "a.b", "a.%%%.c", `a.${encoded("text")}.c`, `a.${encoded("7")}.c`, "a..c.d.e"])("are none in %j", (token) => {
    expect(jwtClaims(token)).toEqual({});
  });
});

describe("Basic credentials", () => {
  it("[89] are UTF-8 (RFC 7617, section 2.1)", () => {
    expect(basic("test", "123£")).toBe("Basic dGVzdDoxMjPCow==");
  });

  it("may be long", () => {
    expect(atob(basic("a", "b".repeat(10_000)).slice(6))).toHaveLength(10_002);
  });
});

describe("base64", () => {
  it("takes any byte", () => {
    expect(base64(Uint8Array.of(0, 127, 128, 255))).toBe("AH+A/w==");
  });
});

describe("members", () => {
  it.each([undefined, null, "text", 7, true])("of %j are none", (value) => {
    expect(membersOf(value)).toEqual({});
  });

  it("of an object are its own", () => {
    expect(membersOf({ a: 1 }).a).toBe(1);
  });
});

import { createDiffieHellmanGroup } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createRandom } from "../kit/random.ts";
import { beginSrp, srpSalt, srpSecret } from "./srp.ts";

// The signatures are those of AWS's own JavaScript client, for these numbers.
const vectors = [
  {
    what: "plain",
    name: "7d8ca528-4931-4254-9273-ea5ee853f271",
    password: "Correct-Horse-9!",
    a: "a07a890b4fe7b9f28ebe6a7f6cf16e1437055d44b8c8389f7865c664262d299d",
    b: "7a98ef0e7cabdbe83e62dde1a993629c4ff676b5cd098e249b0ee2b0773bf4e5",
    salt: "2e5d1c9d8b4f6a7e0f1a2b3c4d5e6f70",
    signature: "614l0oNNgvgsIpaJNcw5/XIXlPd9jlGrtVtiBtjtobA=",
  },
  {
    what: "salt and S have odd hex length",
    name: "alice",
    password: "pässwörd-日本",
    a: "b1d0ae2bc814e23c7d5005cd277ee68e903fe98d1ec9932cebb681653f15656a",
    b: "63aa588eac13fbad04ddfd98e62b69e6c86c7f1f925836f180615dd1d8b520e9",
    salt: "4fef246e154d72ecfb77aa88ff1ff09",
    signature: "1YQoBdWmrll/eLmjrRYxV3ySMI+RDfNocd2I22X2dYA=",
  },
] as const;

const block = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const timestamp = "Thu Jan 1 00:00:00 UTC 2026";
const prime = createDiffieHellmanGroup("modp15").getPrime("hex");

/** g to the power of an exponent, bit by bit. */
function powerOfTwo(exponent: string): string {
  const N = BigInt(`0x${prime}`);
  const bits = BigInt(`0x${exponent}`).toString(2);
  return Array.from(bits)
    .reduce((power, bit) => (power * power * (bit === "1" ? 2n : 1n)) % N, 1n)
    .toString(16);
}

/** The server's side of a vector. */
async function begin({ name, password, salt, a, b }: (typeof vectors)[number], srpA: string = powerOfTwo(a)) {
  const random = { ...createRandom("srp"), hex: () => b, bytes: () => Uint8Array.from(Buffer.from(block, "base64")) };
  return beginSrp(await srpSecret("ExamplePool", name, password, salt), srpA, random);
}

describe("the server's side of SRP", () => {
  it.each(vectors)("believes what AWS's client signs: $what", async (vector) => {
    const exchange = await begin(vector);
    expect(exchange?.parameters).toEqual({ SALT: vector.salt, SRP_B: expect.stringMatching(/^[\da-f]{760,768}$/), SECRET_BLOCK: block });
    expect(await exchange?.accepts({ block, timestamp, signature: vector.signature })).toBe(true);
  });

  it.each([
    ["another signature", { signature: vectors[1].signature }],
    ["another block", { block: btoa("another") }],
    ["another time", { timestamp: "Thu Jan 1 00:00:01 UTC 2026" }],
  ])("does not believe %s", async (_what, changed) => {
    const exchange = await begin(vectors[0]);
    expect(await exchange?.accepts({ block, timestamp, signature: vectors[0].signature, ...changed })).toBe(false);
  });

  it.each(["0", prime, "", "xyz"])("takes no A of %s", async (srpA) => {
    expect(await begin(vectors[0], srpA)).toBeUndefined();
  });

  it("hands out salts without leading zeros, as numbers come", () => {
    const random = createRandom("salts");
    for (let count = 0; count < 50; count += 1) expect(srpSalt(random)).toMatch(/^[1-9a-f][\da-f]+$/);
  });
});

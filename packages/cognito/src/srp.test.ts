import { createDiffieHellmanGroup, createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { beginSrp, srpVerifier } from "./srp.ts";

// Each key was checked against amazon-cognito-identity-js 6.3.21, each signature against cognito-srp-helper 2.3.4. Where a
// number is short of a digit, padding decides.
const vectors = [
  {
    what: "plain",
    user: "7d8ca528-4931-4254-9273-ea5ee853f271",
    password: "Correct-Horse-9!",
    a: "a07a890b4fe7b9f28ebe6a7f6cf16e1437055d44b8c8389f7865c664262d299d",
    b: "7a98ef0e7cabdbe83e62dde1a993629c4ff676b5cd098e249b0ee2b0773bf4e5",
    x: "ef6072824f1f3c8de50c36caed0a19d1f8605af72c8948f27ce053f08f8b074",
    SALT: "2e5d1c9d8b4f6a7e0f1a2b3c4d5e6f70",
    signature: "614l0oNNgvgsIpaJNcw5/XIXlPd9jlGrtVtiBtjtobA=",
  },
  {
    what: "S is 767 hex digits",
    user: "alice",
    password: "pässwörd-日本",
    a: "2c3a4249d77070058649dbd822dcaf7957586fce428cfb2ca88b94741eda8b07",
    b: "4814d92093ac8a0f4a2163ab87dee509ba306a58f5888be0edcb2fcd0712028b",
    x: "40a76e47420a9688be22d3804f68bbc248dc9d325576847bb19c65143ee446cb",
    SALT: "ad328846aa18b32a335816374511cac1",
    signature: "xYiw3d68k4Ba2ySVpjc/rYA03mIACV1dM15ek0RaMtE=",
  },
  {
    what: "A is 767 hex digits",
    user: "alice",
    password: "pässwörd-日本",
    a: "f46dd28a5499d8efef0b8fb8ee1ec1c5a5e407c9381741d576ba8deb4f59ec3f",
    b: "76a8277347f52530e1cf979175a178980b3a180d176165c985d85f7e142f1eed",
    x: "88ce6c477062781964d48f3083c89506c1cdf40f2d262543c5b3bad7d4257f2b",
    SALT: "41242b9fae56fad4e6e77dfe33cb18d1",
    signature: "9U5IyfbHyMlDBohnywjHhMAEyKVaiVhDtPOKG2Wc8EU=",
  },
  {
    what: "B is 767 hex digits",
    user: "alice",
    password: "pässwörd-日本",
    a: "730bea4ff16f200fb931b06cae08a5da8e279813775d7ed81e680b4a77946fe1",
    b: "2f5da6e9921baa794759ee9f4b362555bcb3c1646eb51f671253b5d7d710b75e",
    x: "d07d3b4195253161a65c51ff2cdebb044c02f848e8719ac70bb74fd3008ea2c6",
    SALT: "71e7690959239ca065841eba3ebb2810",
    signature: "1od4VlKkvzImR+oa8R01dOujaW3nCduRfdamtmnn/i4=",
  },
  {
    what: "u is 63 hex digits",
    user: "alice",
    password: "pässwörd-日本",
    a: "ce609b5bf3b974a84907e237aca3011286182be9b1b87cad7b4e9cf5d0be355f",
    b: "92ee93de02ea87db530298f4d66c63984f20a6899019e3dab1a18d2399289140",
    x: "293a8b89d37a89e6be8168d99ad959f0440e7d609c9dfcfa8677ee71e9ce9635",
    SALT: "1cb7637b6957ac5d6f6cdec745554afd",
    signature: "SBV4SeVMjfzZcm/rqaz4nekQyMK+CJE/cLb1L3p9ZFE=",
  },
  {
    what: "salt and S have odd hex length",
    user: "alice",
    password: "pässwörd-日本",
    a: "b1d0ae2bc814e23c7d5005cd277ee68e903fe98d1ec9932cebb681653f15656a",
    b: "63aa588eac13fbad04ddfd98e62b69e6c86c7f1f925836f180615dd1d8b520e9",
    x: "189ae6790eb2a99ed0b2fb8e253953d1d1d04690304b72c79e715cd25e13d86a",
    SALT: "4fef246e154d72ecfb77aa88ff1ff09",
    signature: "1YQoBdWmrll/eLmjrRYxV3ySMI+RDfNocd2I22X2dYA=",
  },
] as const;

const group = "ExamplePool";
const SECRET_BLOCK = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const newYear = Date.UTC(2026, 0, 1);

const number = (hex: string) => BigInt(`0x${hex}`);

// Written the long way round, for a server of our own.
const prime = createDiffieHellmanGroup("modp15").getPrime();
const N = number(prime.toString("hex"));
function powerOfTwo(exponent: string): string {
  const bits = number(exponent).toString(2);
  return Array.from(bits)
    .reduce((power, bit) => (power * power * (bit === "1" ? 2n : 1n)) % N, 1n)
    .toString(16);
}

/** B = k·v + g^b. */
function serverValue({ x, b }: (typeof vectors)[number]): string {
  const k = createHash("sha256")
    .update(Buffer.from("00", "hex"))
    .update(prime)
    .update(Buffer.from([2]))
    .digest("hex");
  const B = (number(k) * number(powerOfTwo(x)) + number(powerOfTwo(b))) % N;
  return B.toString(16);
}

/** The client's secret number is what the platform's random source says. */
function fix(hex: string) {
  vi.spyOn(crypto, "getRandomValues").mockImplementation((bytes) => {
    (bytes as unknown as Uint8Array).set(Buffer.from(hex, "hex")); // the only kind the code asks for
    return bytes;
  });
}
afterEach(() => {
  vi.restoreAllMocks();
});

describe("SRP", () => {
  it.each(vectors)("signs as AWS's own client does: $what", async (vector) => {
    fix(vector.a);
    const exchange = beginSrp();
    expect(exchange.SRP_A).toBe(powerOfTwo(vector.a));
    const secret = { group, name: vector.user, password: vector.password };
    const parameters = { SALT: vector.SALT, SRP_B: serverValue(vector), SECRET_BLOCK };
    expect(await exchange.claim(secret, parameters, newYear)).toEqual({
      PASSWORD_CLAIM_SIGNATURE: vector.signature,
      PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
      TIMESTAMP: "Thu Jan 1 00:00:00 UTC 2026",
    });
  });

  it("writes days of two digits, and hours of one with a zero", async () => {
    const secret = { group, name: "ann", password: "p" };
    const parameters = { SALT: "1", SRP_B: "2", SECRET_BLOCK: "" };
    expect(await beginSrp().claim(secret, parameters, Date.UTC(2026, 10, 26, 3, 4, 5))).toMatchObject({
      TIMESTAMP: "Thu Nov 26 03:04:05 UTC 2026",
    });
  });

  it("takes another secret number each time", () => {
    expect(beginSrp().SRP_A).not.toBe(beginSrp().SRP_A);
  });

  it.each([
    ["0", "nothing"],
    [prime.toString("hex"), "the prime"],
  ])("answers no server whose B is %s", async (SRP_B) => {
    const secret = { group, name: "ann", password: "p" };
    expect(await beginSrp().claim(secret, { SALT: "1", SRP_B, SECRET_BLOCK: "" }, newYear)).toBeUndefined();
  });

  it("makes the verifier of a device from a password that stays here", async () => {
    fix("80".repeat(16));
    const { Salt, PasswordVerifier } = await srpVerifier({ group: "-group", name: "eu-west-1_key", password: "p" });
    const salt = Buffer.from(Salt, "base64");
    expect(salt.toString("hex")).toBe(`00${"80".repeat(16)}`); // as a positive number in Java
    const inner = createHash("sha256").update("-groupeu-west-1_key:p").digest();
    const x = createHash("sha256").update(salt).update(inner).digest("hex");
    expect(Buffer.from(PasswordVerifier, "base64").toString("hex").replace(/^0+/, "")).toBe(powerOfTwo(x));
  });
});

it("[157] without crypto.subtle, as on pages by plain http, a login by SRP is misconfigured and says what is missing, before anything is sent", () => {
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
  expect(() => beginSrp()).toThrow(
    expect.objectContaining({ code: "misconfigured", message: expect.stringContaining("crypto.subtle is missing") }),
  );
  vi.unstubAllGlobals();
});

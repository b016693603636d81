import { expect, it } from "vitest";
import { obey, orderList } from "./commands.ts";
import { vendors } from "./vendors.ts";

function running(name: string) {
  const vendor = vendors[name];
  if (!vendor) throw new Error(`there is no ${name}`);
  const { control, fetch } = vendor.create({});
  const metadata = async () => (await fetch("https://login.test/.well-known/openid-configuration")).status;
  return { control, metadata, type: (line: string) => obey(line, control, vendor.knobs) };
}

it("an option is turned while the emulator runs, and reset turns it back", async () => {
  const { type, metadata } = running("oauth2");
  expect(type("set metadata down")).toBe("metadata is down from now on");
  expect(await metadata()).toBe(503);
  expect(type("reset")).toBe("as new");
  expect(await metadata()).toBe(200);
  expect(type(" set --dead-refresh-status 403 ")).toBe("dead-refresh-status is 403 from now on");
});

it.each([
  ["set", "--help lists the options"],
  ["set constructor x", "--help lists the options"],
  ["set seed x", "--help lists the options"],
  ["set metadata gone", "--metadata takes right | down"],
  ["set grace soon", "--grace takes a number"],
  ["set clients {}", "--clients takes a JSON array"],
  ["expire now", "type one of these"],
  ["constructor", "type one of these"],
])("%j turns nothing and says what could be typed", async (line, answer) => {
  const { type, metadata } = running("oauth2");
  expect(type(line)).toContain(answer);
  expect(await metadata()).toBe(200);
});

it("a vendor whose options are what they were at the start has no such order", () => {
  const { type, control } = running("xfa");
  expect(orderList(control)).not.toContain("set <option>");
  expect(type("set rotation off")).toContain("type one of these");
  expect(type("")).toBeUndefined();
});

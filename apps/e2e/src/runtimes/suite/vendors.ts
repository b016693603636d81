import { type Vendor, vendors } from "../../vendors.fixture.ts";
import { equal, rejection } from "./assert.ts";
import type { Cases } from "./case.ts";

const burst = (call: () => Promise<Response>): Promise<number[]> =>
  Promise.all(Array.from({ length: 50 }, async () => (await call()).status));

/** The life of a session: cold burst, burst with a dead token, logout. */
async function live({ login, renewsBy, start }: Vendor): Promise<void> {
  const { auth, call, control } = start();
  equal(await burst(call), Array(50).fill(200));
  control.expireAccess();
  equal(await burst(call), Array(50).fill(200));
  const renewals = renewsBy === "login" ? [2, 0] : [1, 1];
  equal([control.count(login), control.count("refresh")], renewals);
  await auth.logout();
  equal(((await rejection(call())) as Error).name, "LoggedOutError"); // only errors are thrown here
}

/** Every provider against its emulator, in the runtime itself. */
export const wholeSessions: Cases = Object.fromEntries(
  vendors.map((vendor) => [`${vendor.name}: a whole session against its emulator`, () => live(vendor)]),
);

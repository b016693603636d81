import { expect, it } from "vitest";
import { memoryStore } from "./index.ts";
import { ada, ben, createIssuer, open, origin, settled, troubled } from "./test-kit.ts";

const outcomeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "done",
    (error: { readonly code?: string }) => error.code,
  );

it("[59] tokens whose save failed are saved a little later, before the claim on them lapses", async () => {
  const issuer = createIssuer();
  const store = troubled(memoryStore());
  const { auth } = open(issuer, { store });
  await auth.login(ada);
  const answer = issuer.hold("refresh answer");
  const renewed = auth.getToken({ renew: true });
  await answer.arrived;
  store.fail("save", new Error("full"), 2);
  answer.release();
  const { refreshToken } = await renewed;
  expect((await store.load())?.tokens?.refreshToken).not.toBe(refreshToken);
  await issuer.clock.advance(5_000);
  expect(await store.load()).toMatchObject({ tokens: { refreshToken } });
  expect((await store.load())?.claim).toBeUndefined();
});

it("[59] tokens whose save failed end with a logout in another holder, which left a record without any", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  const store = troubled(memory);
  const { auth } = open(issuer, { store });
  await auth.login(ada);
  const answer = issuer.hold("refresh answer");
  const renewed = auth.getToken({ renew: true });
  await answer.arrived;
  store.fail("save", new Error("full"), 2);
  answer.release();
  await renewed;
  const record = await memory.load();
  if (record) await memory.save({ format: 1, revision: record.revision + 1_000, identity: record.identity }, record.revision);
  await settled();
  expect(await outcomeOf(auth.getToken())).toBe("logged-out");
});

it("[22] a renewed token that is over already fails the call, and its refresh token is the one that counts from then on", async () => {
  const issuer = createIssuer();
  const { auth } = open(issuer);
  await auth.login(ada);
  const answer = issuer.hold("refresh answer");
  const renewed = outcomeOf(auth.getToken({ renew: true }));
  await answer.arrived;
  issuer.clock.setWallClock(issuer.clock.now() + 3_600_000);
  answer.release();
  expect(await renewed).toBe("renewed-token-expired");
  await issuer.clock.advance(5_000);
  expect((await auth.fetch(`${origin}/things`)).status).toBe(200);
  expect(issuer.doubleSpending).toEqual([]);
});

it("[48] a renewal overtaken by another user's login writes nothing of its own under that name", async () => {
  const issuer = createIssuer();
  const store = troubled(memoryStore());
  const { auth } = open(issuer, { store });
  await auth.login(ada);
  issuer.fail("refresh", new TypeError("fetch failed"), 2);
  const answer = issuer.hold("refresh");
  const waiting = outcomeOf(auth.getToken({ renew: true }));
  await answer.arrived;
  store.fail("save", new Error("full"));
  await auth.login(ben);
  answer.release();
  await waiting;
  await issuer.clock.advance(1_000);
  await settled();
  for (const { identity, tokens } of store.history) if (tokens) expect(tokens.accessToken).toContain(identity.split(" ")[1]);
  expect((await auth.getToken()).accessToken).toContain("ben");
});

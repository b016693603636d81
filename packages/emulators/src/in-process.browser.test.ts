import { expect, it } from "vitest";
import { login, tokensOf } from "./cognito/requests.fixture.ts";
import { createCognitoEmulator } from "./index.ts";

it("an emulator answers inside a page", async () => {
  const emulator = createCognitoEmulator();
  const { AccessToken } = await tokensOf(await login(emulator));
  const response = await emulator.fetch("https://api.test/protected", { headers: { authorization: `Bearer ${AccessToken}` } });
  expect([response.status, response.headers.has("date")]).toEqual([200, true]);
});

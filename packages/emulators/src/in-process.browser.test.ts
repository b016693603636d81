import { expect, it } from "vitest";
import { login, tokensOf } from "./cognito/requests.fixture.ts";
import { createCognitoEmulator } from "./index.ts";
import { asUser, refusal, start } from "./oauth2/requests.fixture.ts";

it("an emulator answers inside a page", async () => {
  const emulator = createCognitoEmulator();
  const { AccessToken } = await tokensOf(await login(emulator));
  const response = await emulator.fetch("https://api.test/protected", { headers: { authorization: `Bearer ${AccessToken}` } });
  expect([response.status, response.headers.has("date")]).toEqual([200, true]);
});

it("the OAuth 2 server signs tokens and keeps its rules inside a page", async () => {
  const { tokens, refresh, api } = start({ alg: "ES256" });
  const { access_token, id_token, refresh_token } = await tokens({ ...asUser, scope: "openid" });
  expect([await api(access_token), id_token.split(".")]).toEqual([200, [expect.any(String), expect.any(String), expect.any(String)]]);
  await refresh(refresh_token);
  expect(await refusal(refresh(refresh_token))).toEqual([400, "invalid_grant"]);
});

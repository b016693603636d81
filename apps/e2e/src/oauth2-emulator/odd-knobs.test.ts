import { createAuth, isAuthError } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { createOAuth2Emulator, defaultOAuth2Client, defaultOAuth2User, noOddities, type OAuth2Oddities } from "@keyturn/emulators";
import { discover, password } from "@keyturn/oauth2";
import { expect, it } from "vitest";
import { textsOf } from "../leaks.fixture.ts";
import { elapse } from "../matrix/scenario.fixture.ts";

const api = "https://api.example.com";
const minute = 60_000;

/** One value of one knob each: all that the emulator's README lists, but for what a browser is sent back with. */
const oddities: readonly Partial<OAuth2Oddities>[] = [
  ...(["text", "words", "grouped", "date", "zero", "negative", "absent"] as const).map((expiresIn) => ({ expiresIn })),
  ...(["words", "zero", "absent"] as const).map((expiresInAtRefresh) => ({ expiresInAtRefresh })),
  ...(["bearer", "", "BearerToken", "N_A", "mac", "absent"] as const).map((tokenType) => ({ tokenType })),
  ...(["when-changed", "absent"] as const).map((scopeAnswer) => ({ scopeAnswer })),
  ...(["html-200", "form", "json-as-text", "empty-200"] as const).map((tokenAnswer) => ({ tokenAnswer })),
  ...(["json-200", "form-200", "html", "html-200", "empty"] as const).map((errorAnswer) => ({ errorAnswer })),
  ...["invalid_token", "invalid_request", "interaction_required", "E-42"].map((deadRefreshError) => ({ deadRefreshError })),
  ...[200, 401, 403, 404, 500].map((deadRefreshStatus) => ({ deadRefreshStatus })),
  ...["unauthorized", "invalid_credentials"].map((badGrantError) => ({ badGrantError, badGrantStatus: 401 })),
  ...["down", "absent", "html-200", "other-issuer", "no-issuer", "no-token-endpoint"].map((metadata) => ({
    metadata: metadata as OAuth2Oddities["metadata"], // one of its words
  })),
  ...(["openid-configuration", "oauth-authorization-server"] as const).map((metadataAt) => ({ metadataAt })),
  ...(["absent", "garbage", "bad-signature", "other-audience", "expired"] as const).map((idToken) => ({ idToken })),
  { refreshWithoutScope: "no-access-token" },
  { basicCredentials: "as-they-are" },
  { deadTokenStatus: 403 },
  { wwwAuthenticate: false },
  ...[-2 * 60 * minute, 2 * 60 * minute].map((clockSkew) => ({ clockSkew })),
];

it.each(oddities)("a server with %o: each failure is typed and shows no secret, and all is well when the server is", async (oddity) => {
  const clock = manualClock(Date.now());
  const { fetch, control } = createOAuth2Emulator({ clock });
  const { username, password: secret } = defaultOAuth2User;
  const { clientId, clientSecret } = defaultOAuth2Client;
  const provider = password({ server: discover("https://login.example.com"), clientId, clientSecret, scope: "openid read" });
  const auth = createAuth(provider, { credentials: { username, password: secret }, origins: [api], fetch, clock });
  const said: unknown[] = [];
  auth.subscribe((event) => said.push(event));

  const call = async () => {
    const outcome = await auth.fetch(`${api}/protected`).then(
      ({ status }) => status,
      (error: unknown) => {
        said.push(error);
        return isAuthError(error) ? error.code : `no error of ours: ${error}`;
      },
    );
    expect(String(outcome)).toMatch(/^(200|401|403|[a-z-]+)$/);
    return outcome;
  };
  const run = () => elapse({ clock, control }, call());

  control.change(oddity);
  await run();
  control.expireAccess();
  await run();
  control.revokeRefresh();
  control.expireAccess();
  await run();

  control.change(noOddities);
  await clock.advance(61 * minute);
  expect(await run()).toBe(200);

  const texts = said.flatMap((value) => [...textsOf(value)]);
  for (const hidden of [secret, clientSecret]) expect(texts.filter((text) => text.includes(hidden))).toEqual([]);
});

import type { Call, Control, Emulator, Fields, IssuedToken, ResourceControl, SessionControl } from "../kit/index.ts";
import {
  addResource,
  createKit,
  createSigner,
  createTokenTable,
  expireNow,
  fieldsOf,
  fixedWindow,
  lifetimeClaims,
  resourceHeaders,
} from "../kit/index.ts";
import { createPlatformIoAnswers } from "./answers.ts";
import { createClients } from "./clients.ts";
import type { PlatformIoOptions, PlatformIoUser } from "./options.ts";
import { platformIoFacts } from "./options.ts";

/** What log, faults and limits call the operations. */
export type PlatformIoOp = "login" | "sign-up-client" | "login-client" | "update-client" | "delete-client" | "api";

/** The test's side of the platform.io emulator. */
export type PlatformIoControl = Control<PlatformIoOp> &
  Pick<SessionControl, "expireAccess" | "failedLogins"> &
  ResourceControl & {
    setPassword(username: string, password: string): void;
  };

/** One environment of a platform.io instance: a login for service users, client accounts, and an API limited per endpoint. */
export function createPlatformIoEmulator(options: PlatformIoOptions = {}): Emulator<PlatformIoControl> {
  const facts = platformIoFacts(options);
  const kit = createKit<PlatformIoOp>({
    name: "platform-io",
    ...options,
    throttled: (throttled) => answers.throttled(throttled),
    cors: () => ({ origins: facts.origins, expose: resourceHeaders }),
    notFound: () => answers.notFound("Endpoint"),
  });
  const answers = createPlatformIoAnswers(facts, kit.random);
  const signer = createSigner(facts.alg);
  const clients = createClients(answers, kit.random);
  const tokens = createTokenTable();
  const passwords = new Map<string, string>();
  const failures = new Map<string, number>();
  let window = fixedWindow(facts.requestsPerMinute, kit);

  const reset = () => {
    tokens.clear();
    clients.reset();
    failures.clear();
    for (const { username, password } of facts.users) passwords.set(username, password);
    window = fixedWindow(facts.requestsPerMinute, kit);
  };
  reset();
  kit.onReset(reset);

  const overLimit = ({ request, url }: Call, username: string) => {
    const left = window.take(`${request.method} ${url.pathname} ${username}`);
    if (left === undefined) return undefined;
    return answers.throttled(facts.retryAfter === "none" ? {} : { retryAfter: String(Math.ceil(left / 1000)) });
  };

  const issue = async ({ id, username }: PlatformIoUser) => {
    const issuedAt = kit.now();
    const { exp } = lifetimeClaims(issuedAt, facts.tokenLifetime);
    const token = await signer.sign({ r: ["service"], exp, sub: id, reg: "za" });
    tokens.add(token, { identity: username, expiresAt: issuedAt + facts.tokenLifetime });
    return token;
  };

  const bodyOf = (call: Call): Fields => {
    const isJson = call.request.headers.get("content-type")?.startsWith("application/json");
    return fieldsOf(isJson || facts.contentType === "lenient" ? call.json() : undefined);
  };

  kit.route("POST", "/v1/login/password", "login", async (call) => {
    const { username, password } = bodyOf(call);
    if (!isText(username)) return answers.badField("username", username);
    if (!isText(password)) return answers.badField("password", password);
    call.note({ identity: username });
    const refused = overLimit(call, username);
    if (refused) return refused;
    const user = facts.users.find((known) => known.username === username);
    if (!user || passwords.get(username) !== password) {
      failures.set(username, (failures.get(username) ?? 0) + 1);
      return answers.loginFailed();
    }
    failures.delete(username);
    if (user.role === "agent") return answers.wrongRole();
    return Response.json({ api_token: await issue(user) });
  });

  const visitor = async (token: string): Promise<IssuedToken | undefined> => {
    const entry = (await signer.verify(token)) && tokens.get(token);
    return entry && kit.now() < entry.expiresAt ? entry : undefined;
  };

  const admit = async (call: Call): Promise<IssuedToken | Response> => {
    const token = call.bearer();
    if (token === undefined) return answers.invalidToken();
    call.note({ tokenUsed: token });
    const known = await visitor(token);
    return known ? (overLimit(call, known.identity) ?? known) : answers.invalidToken();
  };

  /** Of service users alone, and where the instance has client accounts. */
  const clientRoute = (method: string, path: string, op: PlatformIoOp, answer: (call: Call) => Response) =>
    kit.route(method, `/v1/client/${path}`, op, async (call) => {
      const known = await admit(call);
      if (known instanceof Response) return known;
      call.note({ identity: known.identity });
      return facts.clientAccounts === "enabled" ? answer(call) : answers.disabled();
    });
  const clientToken = ({ request }: Call) => request.headers.get("client-token");
  clientRoute("POST", "signup", "sign-up-client", (call) => clients.signUp(bodyOf(call)));
  clientRoute("POST", "login", "login-client", (call) => clients.logIn(bodyOf(call)));
  clientRoute("PUT", ":userId", "update-client", (call) => clients.update(call.params.userId ?? "", clientToken(call), bodyOf(call)));
  clientRoute("DELETE", ":userId", "delete-client", (call) => clients.remove(call.params.userId ?? "", clientToken(call)));

  const resource = addResource<PlatformIoOp>(kit, admit);

  return kit.emulator({
    ...resource,
    expireAccess: (who?: string) => expireNow(tokens.of(who), kit.now()),
    failedLogins: (who: string) => failures.get(who) ?? 0,
    setPassword: (username: string, password: string) => void passwords.set(username, password),
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

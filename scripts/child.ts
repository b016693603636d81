// Child processes whose functions can be called from here, over Node's own channel. Both sides of it.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** What a child process offers. Arguments, answers and news travel as JSON. */
export type Offer = Readonly<Record<string, (argument: never) => unknown>>;

type Question = { readonly id: number; readonly name: string; readonly argument: unknown };
type Answer = { readonly id: number; readonly value?: unknown; readonly error?: string };
type Message = Answer | { readonly news: unknown };

/** A child process. */
export interface Child<Functions extends Offer> {
  readonly pid: number;
  /** Rejects with what the function throws, or if the process ends before it answers. */
  call<Name extends keyof Functions & string>(
    name: Name,
    ...argument: Parameters<Functions[Name]>
  ): Promise<Awaited<ReturnType<Functions[Name]>>>;
  /** Sends a signal to this very process. "SIGKILL" ends it, also while it is stopped. */
  signal(name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
}

/** Starts a module as a process of its own. It ends by itself if this process does. */
export function startChild<Functions extends Offer>(
  module: URL,
  args: readonly string[] = [],
  onNews: (news: unknown) => void = () => {},
): Child<Functions> {
  const child: ChildProcess = fork(module, args, { stdio: ["ignore", "inherit", "pipe", "ipc"] });
  const { pid, stderr } = child;
  if (pid === undefined) throw new Error(`${module.href} could not be started`);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let questions = 0;
  let complaints = "";
  let gone: Error | undefined;

  const lose = (reason: string) => {
    gone ??= new Error(`process ${pid} ${reason}${complaints && `: ${complaints}`}`);
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  child.on("message", (message: Message) => {
    if ("news" in message) return onNews(message.news);
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) asked?.resolve(message.value);
    else asked?.reject(new Error(`process ${pid}: ${message.error}`));
  });
  stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-2_000);
  });
  child.on("error", (error) => lose(`is out of reach: ${error.message}`));
  const ended = once(child, "close").then(([code, signal]) => lose(`has ended (${signal ?? code})`));

  return {
    pid,
    ended,
    call: (name, ...[argument]) => {
      // What the offer's own types say comes back; they are the same on both sides.
      type Value = Awaited<ReturnType<Functions[typeof name]>>;
      return new Promise<Value>((resolve, reject) => {
        if (gone) return reject(gone);
        const question: Question = { id: questions++, name, argument };
        waiting.set(question.id, { resolve: (value) => resolve(value as Value), reject });
        child.send(question, (error) => error && lose(`cannot be asked: ${error.message}`));
      });
    },
    signal: (name) => void child.kill(name),
  };
}

/** In the child: answers calls, until the parent is gone. */
export function serve(offer: Offer): void {
  process.on("message", ({ id, name, argument }: Question) => {
    void answerOf(offer, name, argument).then((answer) => process.send?.({ id, ...answer }));
  });
  process.on("disconnect", () => process.exit());
}

async function answerOf(offer: Offer, name: string, argument: unknown): Promise<Omit<Answer, "id">> {
  try {
    return { value: await offer[name]?.(argument as never) }; // as the caller's types say
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** In the child: tells the parent something it did not ask for. */
export function tell(news: unknown): void {
  process.send?.({ news });
}

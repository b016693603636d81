import type { KeyPair } from "@keyturn/core";
import { errorOf } from "./error-text.ts";
import type { PublicRecord, Question, ToPage, ToWorker } from "./messages.ts";

/** What is used of a SharedWorker. */
export interface ConnectedWorker {
  readonly port: {
    postMessage(message: unknown): void;
    addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
    start(): void;
    close(): void;
  };
}

/** Questions to the worker, and what it says unasked. */
export interface WorkerLink {
  ask(question: Question): Promise<PublicRecord | undefined>;
  key(name: string): Promise<KeyPair>;
}

/** So long a living worker takes at most to say what its record is; a store waits for 2 s. */
const patience = 1_200;

type Answer = PublicRecord | KeyPair | undefined;

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** Connects when first asked, and anew where the worker is gone. */
export function createWorkerLink(connect: () => ConnectedWorker, onNews: (record: PublicRecord) => void): WorkerLink {
  const waiting = new Map<number, Waiting>();
  let serial = 0;
  let port: ConnectedWorker["port"] | undefined;

  function open(): ConnectedWorker["port"] {
    const opened = connect().port;
    opened.addEventListener("message", ({ data }) => {
      if (opened === port) hear(data as ToPage); // serveAuth sends nothing else
    });
    opened.start();
    return opened;
  }

  function hear(message: ToPage): void {
    if ("news" in message) {
      onNews(message.news);
      return;
    }
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ("error" in message) asked?.reject(errorOf(message.error));
    else asked?.resolve("key" in message ? message.key : message.record);
  }

  function send(question: Question): Promise<Answer> {
    port ??= open();
    const id = ++serial;
    const message: ToWorker = { ...question, id };
    port.postMessage(message);
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  /** Whoever waits for a worker that is gone may ask the next one. */
  function reconnect(): void {
    port?.close();
    port = undefined;
    for (const { reject } of waiting.values()) reject(new Error("the worker that owns the session is gone"));
    waiting.clear();
  }

  return {
    key: (name) => send({ ask: "key", name }) as Promise<KeyPair>, // what serveAuth answers to that
    async ask(question) {
      const answer = send(question) as Promise<PublicRecord | undefined>; // likewise
      if (question.ask !== "record") return answer;
      const late = Symbol();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patienceOver = new Promise<typeof late>((resolve) => {
        timer = setTimeout(resolve, patience, late);
      });
      const first = await Promise.race([answer, patienceOver]).finally(() => clearTimeout(timer));
      if (first !== late) return first;
      answer.catch(() => {}); // rejected now
      reconnect();
      return send(question) as typeof answer;
    },
  };
}

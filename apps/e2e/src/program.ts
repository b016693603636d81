import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

/** A running program, with whatever it starts in turn. */
export interface Program {
  readonly process: ChildProcess;
  /** Ends it and all of its own children. */
  stop(): Promise<void>;
}

/** Starts a program as the head of a process group, by whose id it is ended together with what it started. */
export async function startProgram(program: string, args: readonly string[], options: SpawnOptions = {}): Promise<Program> {
  const child = spawn(program, args, { stdio: "ignore", ...options, detached: true });
  await once(child, "spawn");
  const exited = once(child, "exit");
  const kill = (): void => {
    try {
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  };
  process.once("exit", kill);
  return {
    process: child,
    async stop() {
      process.off("exit", kill);
      kill();
      await exited;
    },
  };
}

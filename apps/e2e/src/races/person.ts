import type { AskingLaws } from "./asking-laws.ts";
import type { Sender } from "./ledger.ts";
import type { Core } from "./load-core.ts";

/** Whom logins ask: each prompt stays until it is answered. */
export interface Person {
  /** `laws`: where a renewal asks by itself, and not the application. */
  ask(sender: Sender, laws: AskingLaws | undefined): Promise<void>;
  answer(which: number, declines: boolean): void;
  /** From now on every prompt is answered at once. */
  hurry(): void;
}

export function createPerson(core: Core): Person {
  const prompts: ((declines: boolean) => void)[] = [];
  let hurries = false;

  return {
    async ask(sender, laws) {
      const told = laws?.asks(sender);
      const declines = hurries ? false : await new Promise<boolean>((resolve) => void prompts.push(resolve));
      await sender.process.turn("the person's answer");
      told?.(declines);
      if (declines) throw new core.AuthError("login-required", "issuer: the person declined");
    },
    answer(which, declines) {
      const [prompt] = prompts.splice(which % Math.max(1, prompts.length), 1);
      prompt?.(declines);
    },
    hurry() {
      hurries = true;
      for (const prompt of prompts.splice(0)) prompt(false);
    },
  };
}

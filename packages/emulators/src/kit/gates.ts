import type { Moment } from "./moment.ts";

/** Calls stopped at a barrier. */
export interface Hold {
  /** Resolves once `count` calls have reached the barrier. */
  arrived(count: number): Promise<void>;
  /** Lets them all go on and stops holding later ones. */
  release(): void;
}

/** The barriers of one emulator. */
export interface Gates<Op extends string> {
  hold(op: Op, when: Moment): Hold;
  /** Waits at every barrier in force for this operation. */
  pass(op: Op, when: Moment): Promise<void>;
  releaseAll(): void;
}

interface Barrier extends Hold {
  readonly stands: (op: string, when: Moment) => boolean;
  wait(): Promise<void>;
}

/** Barriers that prove what runs at the same time, without a single sleep. */
export function createGates<Op extends string>(): Gates<Op> {
  const barriers = new Set<Barrier>();

  return {
    hold: (op, when) => {
      const barrier = createBarrier(op, when, () => barriers.delete(barrier));
      barriers.add(barrier);
      return barrier;
    },
    pass: async (op, when) => {
      await Promise.all([...barriers].filter((barrier) => barrier.stands(op, when)).map((barrier) => barrier.wait()));
    },
    releaseAll: () => {
      for (const barrier of barriers) barrier.release();
    },
  };
}

function createBarrier(op: string, when: Moment, onRelease: () => void): Barrier {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const expected: { count: number; reached: () => void }[] = [];
  let waiting = 0;

  return {
    stands: (calledOp, calledWhen) => calledOp === op && calledWhen === when,
    wait: () => {
      waiting += 1;
      for (const { count, reached } of expected) if (waiting >= count) reached();
      return opened;
    },
    arrived: (count) =>
      new Promise((reached) => {
        if (waiting >= count) reached();
        else expected.push({ count, reached });
      }),
    release: () => {
      onRelease();
      open();
    },
  };
}

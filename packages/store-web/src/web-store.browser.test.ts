import { storeContract } from "@keyturn/core/testing";
import { describe, it } from "vitest";
import { webStore } from "./index.ts";

let serial = 0;

describe("webStore in a browser", () => {
  const contract = storeContract({
    offers: ["exclusive", "watch", "key"],
    async open() {
      const name = `contract ${++serial} ${crypto.randomUUID()}`;
      return { store: webStore(name), another: () => webStore(name) };
    },
  });
  it.each(contract.map(({ name, run }) => [name, run] as const))("%s", (_name, run) => run());
});

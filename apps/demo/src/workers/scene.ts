import { parseArgs } from "node:util";
import { table } from "../../../../scripts/table.ts";
import { UsageError } from "../arguments.ts";
import type { Surroundings } from "../main.ts";
import { drawLanes, type Lane, legend, type Sign } from "./lanes.ts";
import { runWorkers, type WorkersOptions, type WorkersOutcome } from "./run.ts";
import { stores } from "./stores.ts";

const lifetime = 5_000;
const scale = 250;

/** `npm run demo -- workers [store]`: processes that share a session. Resolves to the exit status. */
export async function workersScene(
  args: readonly string[],
  { output, errors }: Pick<Surroundings, "output" | "errors">,
  instead?: WorkersOptions["instead"],
): Promise<number> {
  const { name, store } = chosen(args);
  const live = liveLanes(output);
  output.write(
    `Four processes share a session in ${store.title}. Their tokens live for ${lifetime / 1000} s; the server lets a refresh token be used once.\n\n`,
  );
  const outcome = await runWorkers({ name, store, lifetime, show: live.show, ...(instead && { instead }) });
  live.end(outcome.lanes);
  output.write(`\n${legend(scale)}\n\n${outcomeTable(outcome)}\n\n`);
  for (const problem of outcome.problems) errors.write(`${problem}\n`);
  if (outcome.problems.length > 0) return 1;
  output.write("One renewal for each expiry, whoever was killed, by the server's own count.\n");
  return 0;
}

function chosen(args: readonly string[]) {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  const [name = "file", ...others] = positionals;
  const store = stores[name];
  if (!store || others.length > 0)
    throw new UsageError(`npm run demo -- workers takes one store (there are ${Object.keys(stores).join(", ")})`);
  return { name, store };
}

/** Drawn anew all the time in a terminal; elsewhere once, at the end. */
function liveLanes(output: Surroundings["output"]) {
  let drawn = 0;
  const draw = (lanes: readonly Lane[]) => {
    if (drawn > 0) output.write(`\u001b[${drawn}A`);
    for (const line of drawLanes(lanes, scale)) output.write(`\u001b[2K${line.slice(0, output.columns)}\n`);
    drawn = lanes.length;
  };
  return {
    show: output.isTTY ? draw : () => {},
    end: output.isTTY ? draw : (lanes: readonly Lane[]) => void output.write(`${drawLanes(lanes, scale).join("\n")}\n`),
  };
}

function outcomeTable({ lanes, counted }: WorkersOutcome): string {
  const count =
    (signs: readonly Sign[]) =>
    ({ marks }: Lane) =>
      String(marks.filter(({ sign }) => signs.includes(sign)).length);
  const columns = [
    count(["request", "a request fails"]),
    count(["logs in"]),
    count(["renews"]),
    count(["takes over what another got"]),
    count(["a request fails"]),
  ];
  const rows = lanes.map((lane) => [lane.title, ...columns.map((column) => column(lane))]);
  const { requests, logins, renewals, refused } = counted;
  const server = ["the server", ...[requests, logins, renewals].map(String), "", String(refused)];
  return table(["", "requests", "logins", "renewals", "taken over", "failures"], [...rows, server]);
}

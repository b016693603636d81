import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Runs a file of this folder as a process of its own, and reads the JSON it prints. What it says of its progress is shown. */
export function runChild(file: string, args: readonly string[] = [], flags: readonly string[] = []): Promise<unknown> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, [...flags, path, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0) settle(JSON.parse(output));
      else fail(new Error(`${file} ${args.join(" ")} ended with status ${code}`));
    });
  });
}

#!/usr/bin/env node
import { join } from "node:path";
import { runCli } from "./cli/program.ts";

/** The entry of the command line: gives it the terminal. Everything else is in cli/. */
void runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  out: (text) => process.stdout.write(text),
  log: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY ? process.stderr : undefined,
  trainer: join(__dirname, "trainer.js"),
  onInterrupt: (listener) => {
    process.on("SIGINT", listener);
    return { dispose: () => process.off("SIGINT", listener) };
  },
}).then((code) => {
  process.exitCode = code;
});

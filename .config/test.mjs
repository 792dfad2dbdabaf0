// What needs neither Python nor a browser: `npm test [-- vitest arguments]`.
import { install, main, tool } from "./process.mjs";

const projects = ["unit", "webview", "engine"];
const elsewhere = [
  ["e2e", "the packaged extension in a real VS Code", "npm run test:e2e"],
  ["gpu", "the embedded engine through WebGPU", "npm run test:gpu"],
  ["python", "what Python tools read of our files", "npm run test:python"],
];

await main(async (argv) => {
  await install();
  const selected = projects.flatMap((project) => ["--project", project]);
  await tool("vitest", ["run", "-c", ".config/vitest.config.ts", ...selected, ...argv]);
  console.log("Left out here:");
  for (const [name, what, command] of elsewhere) {
    console.log(`  ${name.padEnd(8)}${what.padEnd(44)}${command}`);
  }
});

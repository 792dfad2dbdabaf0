/** Writes a small dataset for the Python tests: `tsx dataset.ts FOLDER`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serializeDataset } from "../../../src/synthesis/jsonl.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";

const policy = `# Key desk

Each locker has a number from 1 to 40. A spare key costs 6 euros. The desk opens at 8 o'clock.

Greet every guest by name.

A locker is opened only if the guest shows a pass. A bag is kept for free if it weighs less than 8 kg.

Members pay nothing for a lost key, guests with a pass pay 6 euros and others pay 15 euros.
`;

const folder = process.argv[2]!;
mkdirSync(folder, { recursive: true });
const parsed = parsePolicy(policy, { path: "key-desk.md" });
const dataset = synthesize(parsed, { seed: 1, command: "test" });
for (const [name, content] of Object.entries(serializeDataset(dataset))) {
  writeFileSync(join(folder, name), content);
}

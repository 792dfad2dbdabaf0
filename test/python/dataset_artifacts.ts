// Writes a dataset and its exports, for the Python suite to judge: `tsx dataset_artifacts.ts FOLDER`.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parsePolicy } from "../../src/policy/parse.ts";
import type { Dataset } from "../../src/synthesis/dataset.ts";
import { exportFormats } from "../../src/synthesis/export/export.ts";
import { serializeDataset } from "../../src/synthesis/jsonl.ts";
import { synthesize } from "../../src/synthesis/synthesize.ts";
import { readAnswer, taskPrompt } from "../../src/synthesis/teaching/prompts.ts";
import { tasksOf } from "../../src/synthesis/teaching/tasks.ts";
import { teach } from "../../src/synthesis/teaching/teach.ts";
import { parseTools } from "../../src/synthesis/tools.ts";
import { exportDataset } from "../../src/workspace/export-folder.ts";
import { dutiful } from "../unit/synthesis/teaching/dutiful.ts";

const text = `# Parcel: "desk" #1

## Prices

Express delivery costs 12 euros per parcel. A shipment holds at most 20 parcels.

## Conduct

Greet every customer by name.

A parcel is rerouted only if its status is "in depot".
`;

/** Tools whose arguments have one name and different types, as Arrow dislikes them. */
const tools = parseTools(
  JSON.stringify([
    toolOf("reroute_parcel", { parcel_id: { type: "string" }, fee: { type: "number" } }),
    toolOf("hold_parcel", { parcel_id: { type: "integer" }, express: { type: "boolean" } }),
  ]),
  "tools.json",
);

function toolOf(name: string, properties: object) {
  const parameters = { type: "object", properties, required: Object.keys(properties) };
  return { type: "function", function: { name, description: `Does ${name}.`, parameters } };
}

const toolText = `# Desk

If the new address is near, reroute the parcel with \`reroute_parcel\`. If nobody is at home, hold the parcel with \`hold_parcel\`.

Greet every customer by name.
`;

async function main(folder: string): Promise<void> {
  await withoutTools(folder);
  const policy = parsePolicy(toolText, { path: "desk.md" });
  const home = join(folder, "calls", "dataset");
  await write(home, synthesize(policy, { seed: 1, command: "test", tools }));
  for (const format of exportFormats) {
    await exportDataset(home, format, join(folder, "calls", format));
  }
}

async function write(home: string, dataset: Dataset): Promise<void> {
  await mkdir(home, { recursive: true });
  for (const [name, content] of Object.entries(serializeDataset(dataset))) {
    await writeFile(join(home, name), content);
  }
}

async function withoutTools(folder: string): Promise<void> {
  const policy = parsePolicy(text, { path: "parcel.md" });
  const { title } = policy.policy;
  const answers = new Map(
    tasksOf(policy, 1).map((task) => {
      const rows = dutiful({ model: "tiny", messages: taskPrompt(title, [task]) });
      return [task, readAnswer(JSON.stringify(rows), [task])[0]!];
    }),
  );
  const grammar = synthesize(policy, { seed: 1, command: "test" });
  const dataset = teach(grammar, policy, answers, { teacher: "openai", model: "host/tiny" });
  const home = join(folder, "dataset");
  await write(home, dataset);
  const rejected = dataset.cpt.at(-1)!.id;
  const review = { row: rejected, verdict: "rejected", at: new Date(0).toISOString() };
  await writeFile(join(home, "review.jsonl"), `${JSON.stringify(review)}\n`);
  for (const format of exportFormats) await exportDataset(home, format, join(folder, format));
}

const folder = process.argv[2];
if (!folder) throw new Error("usage: dataset_artifacts.ts FOLDER");
void main(folder);

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { generate, serializeBenchmark } from "../../src/benchmark/generate.ts";
import { readKnobs } from "../../src/benchmark/knobs.ts";
import { Manifest } from "../../src/benchmark/world.ts";
import { samplePolicy, Session } from "./harness/session.ts";
import { packagedExtension } from "./harness/vsix.ts";
import { Window } from "./harness/window.ts";

const patience = { timeout: 60_000 };

let session: Session;
let window: Window;

beforeAll(async () => {
  session = await Session.start([samplePolicy], { vsix: packagedExtension() });
  window = await Window.open(session, "benchmark");
  await window.visit();
});
afterAll(async () => {
  await window.close();
  await session.end();
});

it("generates a benchmark, opens its policy, and leaves the rest beside it", async () => {
  const { workbench } = window;
  await expect
    .poll(() => workbench.offers("Ingrain: Generate Benchmark Policy"), patience)
    .toBe(true);
  await workbench.run("Ingrain: Generate Benchmark Policy");
  await workbench.page.getByText("4 tasks, each decided by one test").waitFor(patience);
  await window.shot("difficulties");
  await workbench.pick("Simple");
  await workbench.tab("policy.md").waitFor(patience);
  await workbench.hints.first().waitFor(patience);
  await window.shot("policy");

  const parent = session.path("benchmarks");
  const [name] = await readdir(parent);
  const read = (file: string) => readFile(join(parent, name!, file), "utf8");
  const manifest = Manifest.parse(JSON.parse(await read("benchmark.json")));
  // The seed and the knobs in the manifest give the same files again.
  const again = generate(manifest.seed, readKnobs(manifest.knobs), manifest.command);
  for (const [file, content] of Object.entries(serializeBenchmark(again))) {
    expect(await read(file)).toBe(content);
  }
});

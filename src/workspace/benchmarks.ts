import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type Benchmark, serializeBenchmark } from "../benchmark/generate.ts";
import { PolicyTrees } from "../benchmark/tree.ts";
import { type Databases, Manifest, Query, Table, Tool } from "../benchmark/world.ts";
import { InputError } from "../policy/errors.ts";
import { parseRows } from "../synthesis/jsonl.ts";
import { publishFolder, readJson, readRequired, writeFiles } from "../training/files.ts";

/**
 * Writes a benchmark as a new folder: all of it, or nothing.
 * @returns its path.
 * @throws InputError when the folder exists and holds something else.
 */
export async function saveBenchmark(target: string, benchmark: Benchmark): Promise<string> {
  const folder = resolve(target);
  const files = serializeBenchmark(benchmark);
  const published = await publishFolder(folder, async (draft) => {
    await mkdir(join(draft, "databases"));
    await writeFiles(draft, files);
  });
  if (!published && !(await holds(folder, files))) {
    throw new InputError(`the folder holds something else already: ${folder}`);
  }
  return folder;
}

/** Whether the files lie there already, byte for byte. */
async function holds(folder: string, files: Readonly<Record<string, string>>): Promise<boolean> {
  for (const [file, content] of Object.entries(files)) {
    const there = await readFile(join(folder, file), "utf8").catch(() => undefined);
    if (there !== content) return false;
  }
  return true;
}

/**
 * Reads a benchmark's folder.
 * @throws InputError that names the part that is missing or broken.
 */
export async function readBenchmark(folder: string): Promise<Benchmark> {
  const path = (name: string) => join(folder, name);
  const manifest = await readJson(Manifest, path("benchmark.json"), "the benchmark's manifest");
  const databases: Databases = {};
  for (const { name } of manifest.databases) {
    if (!/^[a-z_]+$/.test(name)) throw new InputError(`not a database's name: ${name}`);
    databases[name] = await readJson(
      Table,
      path(join("databases", `${name}.json`)),
      `the database ${name}`,
    );
  }
  const tasks = path("tasks.jsonl");
  return {
    manifest,
    databases,
    policy: await readRequired(path("policy.md"), "the policy"),
    tools: await readJson(z.array(Tool), path("tools.json"), "the list of tools"),
    queries: parseRows(Query, await readRequired(tasks, "the list of tasks"), tasks),
    trees: (await readJson(PolicyTrees, path("policy-trees.json"), "the policy's trees")).trees,
  };
}

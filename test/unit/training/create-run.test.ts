import { readdirSync, readFileSync } from "node:fs";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InputError } from "../../../src/policy/errors.ts";
import { createRun, slug } from "../../../src/training/create-run.ts";
import { requireDevice, requireEngine } from "../../../src/training/run-options.ts";
import { readDataset } from "../../../src/training/dataset-folder.ts";
import { runtimeVersion } from "../../../src/training/engines/onnx/runtime.ts";
import { appendReviews, readReviews } from "../../../src/training/review-file.ts";
import { liveStatus, readProcess, readSpec, runFiles } from "../../../src/training/run-folder.ts";
import { clusterOf } from "../../../src/training/spec.ts";
import { smallDataset, temporaryFolder, writeDataset } from "./fixture.ts";

async function setUp() {
  const root = temporaryFolder();
  return { runs: join(root, "runs"), dataset: await writeDataset(root) };
}

test("the folder of a run is complete in itself", async () => {
  const { runs, dataset } = await setUp();
  const { folder, spec } = await createRun({ runs, dataset, seed: 7 });
  await rm(dataset, { recursive: true });
  expect(await readSpec(folder)).toEqual(spec);
  expect(spec).toMatchObject({ seed: 7, engine: "onnx", policy: { title: "Key desk" } });
  expect(spec.id).toMatch(/^\d{4}-\d\d-\d\d-\d{6}-key-desk$/);
  expect(spec.versions).toEqual({
    ingrain: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    node: process.versions.node,
    onnxruntime: runtimeVersion,
  });
  const copy = await readDataset(runFiles(folder).dataset);
  expect(copy).toEqual(smallDataset());
  expect(spec.dataset.sha256).toBe(copy.manifest.sha256);
  // This process makes the folder and never trains.
  expect(await readProcess(folder)).toBeUndefined();
  expect(await liveStatus(folder)).toBe("created");
});

test("two runs of the same second have two folders", async () => {
  const { runs, dataset } = await setUp();
  const made = await Promise.all([1, 2, 3].map((seed) => createRun({ runs, dataset, seed })));
  expect(new Set(made.map(({ folder }) => folder)).size).toBe(3);
  for (const { folder, spec } of made) expect(await readSpec(folder)).toEqual(spec);
});

test.each(["cpt.jsonl", "sft.jsonl", "exam.jsonl"])(
  "a broken line of %s is named by file and line, and no folder is left",
  async (file) => {
    const { runs, dataset } = await setUp();
    const path = join(dataset, file);
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    await appendFile(path, '{"id": "r-1", "kind": "que\n');
    await expect(createRun({ runs, dataset, seed: 1 })).rejects.toThrow(
      new InputError(`${path}:${lines.length + 1}: not JSON.`),
    );
    await writeFile(path, `${lines.slice(0, 2).join("\n")}\n{"id":"r-9"}\n`);
    await expect(createRun({ runs, dataset, seed: 1 })).rejects.toThrow(`${path}:3`);
    expect(() => readdirSync(runs)).toThrow("ENOENT");
  },
);

test.each(["dataset.json", "cpt.jsonl", "sft.jsonl", "exam.jsonl"])(
  "a dataset without %s says which file is missing",
  async (file) => {
    const { runs, dataset } = await setUp();
    await rm(join(dataset, file));
    const start = createRun({ runs, dataset, seed: 1 });
    await expect(start).rejects.toThrow(InputError);
    await expect(start).rejects.toThrow(join(dataset, file));
  },
);

test.each(["cpt.jsonl", "exam.jsonl"])("a dataset with an empty %s is refused", async (file) => {
  const { runs, dataset } = await setUp();
  await writeFile(join(dataset, file), "");
  const start = createRun({ runs, dataset, seed: 1 });
  await expect(start).rejects.toThrow(InputError);
  await expect(start).rejects.toThrow(join(dataset, file));
});

test("an unknown engine is named, with those that there are", () => {
  expect(() => requireEngine("abacus")).toThrow(
    new InputError('unknown engine "abacus"; this version has: onnx, trl'),
  );
});

test("the spec records the device that was asked for", async () => {
  const { runs, dataset } = await setUp();
  const asked = await createRun({ runs, dataset, seed: 1, device: "gpu" });
  expect(asked.spec).toMatchObject({ device: "gpu" });
  expect((await createRun({ runs, dataset, seed: 1 })).spec).toMatchObject({ device: "auto" });
  expect(() => requireDevice("tpu")).toThrow(
    new InputError('unknown device "tpu"; there are: auto, cpu, gpu'),
  );
});

test.each<[Record<string, number>, RegExp]>([
  [{ depth: 3 }, /unknown hyperparameter "depth"/],
  [{ layers: 0 }, /hyperparameter layers/],
  [{ width: 130 }, /hyperparameter width: 130/],
  [{ heads: 2.5 }, /hyperparameter heads/],
])("hyperparameters are checked: %j", async (hyperparameters, message) => {
  const { runs, dataset } = await setUp();
  const start = createRun({ runs, dataset, seed: 1, hyperparameters });
  await expect(start).rejects.toThrow(InputError);
  await expect(start).rejects.toThrow(message);
});

test("the spec of an unknown engine in a run folder is an input error that names the file", async () => {
  const { runs, dataset } = await setUp();
  const { folder } = await createRun({ runs, dataset, seed: 1 });
  const path = runFiles(folder).spec;
  await writeFile(path, (await readFile(path, "utf8")).replace('"onnx"', '"abacus"'));
  await expect(readSpec(folder)).rejects.toThrow(InputError);
  await expect(readSpec(folder)).rejects.toThrow(`${path}, engine`);
});

test.each([
  ["Parcel desk", "parcel-desk"],
  ["  Ünïcode & more!  ", "u-ni-code-more"],
  ["政策", "policy"],
  ["../../etc/passwd", "etc-passwd"],
])("the name of %j is safe in a path", (title, expected) => {
  expect(slug(title)).toBe(expected);
});

test("a run trains on what its reviewers left: without rejected rows, with edited ones", async () => {
  const { runs, dataset } = await setUp();
  const { cpt, sft, exam } = smallDataset();
  const at = "2026-01-01T00:00:00.000Z";
  const edit = { text: "Question: How much?\nAnswer: 6 euros", answerStart: 28 };
  await appendReviews(dataset, [
    { row: cpt[0]!.id, verdict: "rejected", at },
    { row: cpt[1]!.id, verdict: "edited", edit, at },
    { row: cpt[2]!.id, verdict: "rejected", at },
    { row: cpt[2]!.id, verdict: "withdrawn", at },
    { row: cpt[3]!.id, verdict: "approved", at },
    { row: sft[0]!.id, verdict: "rejected", at },
    { row: exam[0]!.id, verdict: "rejected", at },
  ]);
  const { folder, spec } = await createRun({ runs, dataset, seed: 1 });
  // The trainer reads this copy and nothing else.
  const copy = await readDataset(runFiles(folder).dataset);
  expect(copy.cpt).toEqual([{ ...cpt[1]!, ...edit }, ...cpt.slice(2)]);
  expect(copy.sft).toEqual(sft.slice(1));
  expect(copy.exam).toEqual(exam.slice(1));
  expect(spec.dataset.reviews).toEqual({ rejected: 3, edited: 1 });
  expect(spec.dataset.sha256).not.toBe(smallDataset().manifest.sha256);
  expect(spec.dataset.sha256).toBe(copy.manifest.sha256);
  expect(copy.manifest.counts).toMatchObject({ cpt: cpt.length - 1, sft: sft.length - 1 });
  expect(await readReviews(runFiles(folder).dataset)).toEqual(await readReviews(dataset));
  // The dataset itself stays as it was generated.
  expect(await readDataset(dataset)).toEqual(smallDataset());
});

test("verdicts that change no row leave the copy as it is, byte for byte", async () => {
  const { runs, dataset } = await setUp();
  const at = "2026-01-01T00:00:00.000Z";
  await appendReviews(dataset, [{ row: smallDataset().cpt[0]!.id, verdict: "approved", at }]);
  const { folder, spec } = await createRun({ runs, dataset, seed: 1 });
  expect(spec.dataset).toEqual({ path: dataset, sha256: smallDataset().manifest.sha256 });
  for (const file of ["dataset.json", "cpt.jsonl", "sft.jsonl", "exam.jsonl"]) {
    const [of, from] = [runFiles(folder).dataset, dataset];
    expect(readFileSync(join(of, file))).toEqual(readFileSync(join(from, file)));
  }
});

test("reviews that cannot be honoured stop a run before it begins, with file and row", async () => {
  const { runs, dataset } = await setUp();
  const { cpt } = smallDataset();
  const at = "2026-01-01T00:00:00.000Z";
  const prompt = [{ role: "user" as const, content: "Which?" }];
  const reviews = join(dataset, "review.jsonl");
  await appendReviews(dataset, [
    { row: cpt[0]!.id, verdict: "edited", edit: { prompt, expected: "no" }, at },
  ]);
  await expect(createRun({ runs, dataset, seed: 1 })).rejects.toThrow(
    `the edit of row ${cpt[0]!.id} does not fit it`,
  );
  await writeFile(reviews, '{"row":"c-1","verdict":"perhaps"}\n');
  await expect(createRun({ runs, dataset, seed: 1 })).rejects.toThrow(`${reviews}:1: verdict`);
  await rm(reviews);
  await appendReviews(
    dataset,
    cpt.map(({ id }) => ({ row: id, verdict: "rejected", at })),
  );
  await expect(createRun({ runs, dataset, seed: 1 })).rejects.toThrow(
    "no rows to train on, for all of them are rejected",
  );
  expect(() => readdirSync(runs)).toThrow("ENOENT");
});

test("a run for a cluster names its place there, and takes the model's path as it is", async () => {
  const { runs, dataset } = await setUp();
  const neutral = join(dataset, "retention.txt");
  await writeFile(neutral, "neutral");
  const ray = { address: "http://127.0.0.1:8265", workers: 2, storage: "/mnt/shared" };
  const options = { engine: "trl", runs, dataset, seed: 1, ray } as const;
  const { folder, spec } = await createRun({ ...options, model: "/only/there/model" }, neutral);
  const cluster = clusterOf(spec);
  expect(spec).toMatchObject({ target: "ray", model: { name: "/only/there/model" } });
  expect(cluster).toMatchObject({ address: ray.address, workers: 2 });
  expect(cluster.folder).toBe(`/mnt/shared/${spec.id}-${cluster.key}`);
  expect(await readSpec(folder)).toEqual(spec);
  await expect(createRun({ ...options, model: "there/is/none" }, neutral)).rejects.toThrow(
    "there is no model in",
  );
});

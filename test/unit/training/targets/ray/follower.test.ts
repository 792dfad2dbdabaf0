import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEvents } from "../../../../../src/training/events-file.ts";
import { readState } from "../../../../../src/training/run-folder.ts";
import { follow } from "../../../../../src/training/targets/ray/follower.ts";
import { JobsApi } from "../../../../../src/training/targets/ray/jobs-api.ts";
import { temporaryFolder } from "../../fixture.ts";
import { event, StandInRay, told } from "./stand-in.ts";

const key = "0123456789abcdef";
const name = (n: number) => `ingrain-run-${key}-${n}`;

async function setUp() {
  const ray = await new StandInRay().start();
  const root = temporaryFolder();
  const folder = join(root, "run");
  mkdirSync(folder);
  const storage = join(root, "storage");
  const log: string[] = [];
  const following = {
    folder,
    run: "run",
    cluster: { address: ray.address, workers: 2, folder: storage, key },
    api: new JobsApi(ray.address),
    makePackage: () => Promise.resolve({ name: "package.zip", content: new Uint8Array([1]) }),
    log: (line: string) => void log.push(line),
  };
  const events = () => readEvents(join(folder, "events.jsonl"));
  const types = () => events().map(({ type }) => type);
  return { ray, folder, storage, log, following, events, types };
}

const started = event("started", { pid: 1, host: "h", engine: "trl", device: "cpu" });
const stage = event("stage", { name: "cpt", steps: 4 });
const step = (at: number, when = new Date()) =>
  event("step", { stage: "cpt", step: at, loss: 1, lr: 1, tokens: 1, tokensPerSecond: 1 }, when);
const report = { type: "file", name: "report.json", index: 0, of: 1, data: btoa("{}") };
const whole = [started, stage, step(1), step(2), step(3), step(4)];
const finished = event("finished", { report: "report.json" });

const lines = (values: readonly object[]) =>
  values.map((value, index) => told(key, index + 1, value));

test("a run is submitted, followed to its end, and its files are there before the last word", async () => {
  const { ray, folder, storage, following, types } = await setUp();
  mkdirSync(join(storage, "model"), { recursive: true });
  writeFileSync(join(storage, "model", "adapter_model.safetensors"), "weights");
  const log = lines([...whole, report, finished]);
  ray.onSubmit = (job) => Object.assign(job, { status: "SUCCEEDED", log });
  expect(await follow(following)).toBe(true);
  expect(types()).toEqual(["submitted", ...whole.map(({ type }) => type), "finished"]);
  expect(ray.submitted).toEqual([name(1)]);
  expect(readFileSync(join(folder, "report.json"), "utf8")).toBe("{}");
  expect(readFileSync(join(folder, "model", "adapter_model.safetensors"), "utf8")).toBe("weights");
  expect(readState(folder)).toMatchObject({ status: "finished", warnings: [] });
});

test("a model on a disk that is not here is told, and the run is finished all the same", async () => {
  const { ray, folder, following } = await setUp();
  ray.onSubmit = (job) => Object.assign(job, { status: "SUCCEEDED", log: lines([finished]) });
  await follow(following);
  const { status, warnings } = readState(folder);
  expect(status).toBe("finished");
  expect(warnings.join()).toMatch(/The model lies in .*storage\/model and was not copied/);
});

test("wherever the follower or its connection goes, each event is written once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length),
      fc.nat(whole.length),
      fc.nat(200),
      async (written, cutAfter, torn) => {
        const { ray, folder, following, events } = await setUp();
        const log = lines([...whole, report, finished]);
        ray.add(name(1), { status: "SUCCEEDED", log, cutAfter });
        const past = [
          event("submitted", { job: name(1), address: ray.address }),
          ...whole.slice(0, written).map((value, i) => ({ ...value, job: name(1), n: i + 1 })),
        ];
        const text = past.map((value) => `${JSON.stringify(value)}\n`).join("");
        const half = JSON.stringify({ ...step(9), job: name(1), n: 99 }).slice(0, torn);
        writeFileSync(join(folder, "events.jsonl"), text + half);
        expect(await follow({ ...following, makePackage: undefined })).toBe(true);
        const steps = events().flatMap((told) => (told.type === "step" ? [told.step] : []));
        expect(steps).toEqual([1, 2, 3, 4]);
        expect(events().filter(({ type }) => type === "started")).toHaveLength(1);
        expect(events().at(-1)?.type).toBe("finished");
      },
    ),
    { numRuns: 12 },
  );
});

describe("a job that was submitted before", () => {
  const past = (address: string) =>
    `${JSON.stringify(event("submitted", { job: name(1), address }))}\n`;

  test("is left alone where the cluster does not know it, unless the run is resumed", async () => {
    const { ray, folder, following, types } = await setUp();
    writeFileSync(join(folder, "events.jsonl"), past(ray.address));
    expect(await follow({ ...following, makePackage: undefined })).toBe(false);
    expect(types()).toEqual(["submitted"]);
    ray.onSubmit = (job) => Object.assign(job, { status: "SUCCEEDED", log: lines([finished]) });
    expect(await follow(following)).toBe(true);
    expect(ray.submitted).toEqual([name(2)]);
  });

  test("is not submitted again while it goes on", async () => {
    const { ray, folder, following, types } = await setUp();
    writeFileSync(join(folder, "events.jsonl"), past(ray.address));
    ray.add(name(1), { log: lines([started, event("cancelled")]) });
    expect(await follow(following)).toBe(true);
    expect(ray.submitted).toEqual([]);
    expect(types()).toEqual(["submitted", "connected", "started", "cancelled"]);
  });

  test("has said its end while nobody listened: the run goes on in another job", async () => {
    const { ray, folder, following, types } = await setUp();
    writeFileSync(join(folder, "events.jsonl"), past(ray.address));
    const error = event("failed", { error: "e", hint: "h" });
    ray.add(name(1), { status: "FAILED", log: lines([started, error]) });
    ray.onSubmit = (job) => Object.assign(job, { status: "SUCCEEDED", log: lines([finished]) });
    await follow(following);
    expect(types()).toEqual(
      expect.arrayContaining(["started", "failed", "submitted", "finished"]) as unknown,
    );
    expect(ray.submitted).toEqual([name(2)]);
  });

  test("is taken up where the follower died before it could note it", async () => {
    const { ray, following, types } = await setUp();
    ray.add(name(1), { status: "SUCCEEDED", log: lines([started, finished]) });
    await follow(following);
    expect(ray.submitted).toEqual([]);
    expect(types().slice(0, 2)).toEqual(["submitted", "started"]);
  });
});

test.each([
  ["STOPPED", "cancelled", undefined],
  ["FAILED", "failed", /without a last word \(FAILED\): the driver died/],
] as const)("a job that is %s without a last word is %s", async (status, type, message) => {
  const { ray, folder, following, types } = await setUp();
  ray.onSubmit = (job) =>
    Object.assign(job, { status, message: "the driver died\nand more", log: lines([started]) });
  await follow(following);
  expect(types().at(-1)).toBe(type);
  if (message) expect(readState(folder).error?.error).toMatch(message);
});

test("a cluster that does not answer at the start is an error, and nothing is written", async () => {
  const { ray, following, types } = await setUp();
  ray.stop();
  await expect(follow(following)).rejects.toThrow("Ray does not answer at");
  expect(types()).toEqual([]);
});

test("a cluster that goes silent is asked again, until it answers", async () => {
  const { ray, following, types, log } = await setUp();
  ray.onSubmit = (job) => Object.assign(job, { log: lines([started]) });
  const going = follow(following);
  await expect.poll(types).toContain("started");
  const { address } = ray;
  ray.stop();
  await expect.poll(() => log.join("\n")).toContain("the job may go on, and is asked for again");
  ray.add(name(1), { status: "SUCCEEDED", log: lines([started, finished]) });
  await ray.startAt(address);
  expect(await going).toBe(true);
  expect(types()).toEqual(expect.arrayContaining(["submitted", "started", "finished"]) as unknown);
  expect(log).toContain("the cluster answers again");
});

describe("a cluster whose clock is wrong", () => {
  test.each([-3_600_000, 7_200_000])("by %i ms: times are this machine's", async (skewMs) => {
    const { ray, folder, following, events } = await setUp();
    ray.skewMs = skewMs;
    const there = new Date(Date.now() + skewMs);
    const log = lines([started, stage, step(1, there), step(2, there), finished]);
    ray.onSubmit = (job) => Object.assign(job, { status: "SUCCEEDED", log });
    await follow(following);
    for (const told of events()) {
      if (told.type === "step") {
        expect(Math.abs(Date.parse(told.at) - Date.now())).toBeLessThan(60_000);
      }
    }
    const about = readState(folder).warnings.filter((warning) => warning.includes("clock"));
    expect(about).toHaveLength(1);
    expect(about[0]).toContain(skewMs > 0 ? "2.0 h ahead of" : "60 min behind");
  });

  test("by a second is none", async () => {
    const { ray, folder, following, events } = await setUp();
    ray.skewMs = 1000;
    const there = new Date(Date.now() + 1000);
    ray.onSubmit = (job) =>
      Object.assign(job, {
        status: "SUCCEEDED",
        log: lines([started, stage, step(1, there), finished]),
      });
    await follow(following);
    expect(events().find(({ type }) => type === "step")?.at).toBe(there.toISOString());
    expect(readState(folder).warnings.join()).not.toContain("clock");
  });
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ExactCounter } from "../../../src/editor/exact-counter.ts";
import { temporaryFolder } from "../training/fixture.ts";

/** A stand-in for the thread's program: it counts letters, and does what the path says. */
const program = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", ({ id, path, texts }) => {
  if (path === "endless") for (;;);
  if (path === "crash") throw new Error("out of luck");
  parentPort.postMessage(
    path === "broken"
      ? { type: "wrong", id, message: "no tokenizer" }
      : { type: "counted", id, counts: texts.map((text) => text.length) },
  );
});
`;

async function counter(limitMs?: number): Promise<ExactCounter> {
  const path = join(temporaryFolder(), "worker.cjs");
  await writeFile(path, program);
  const made = new ExactCounter(path, limitMs);
  onTestFinished(() => made.dispose());
  return made;
}

describe("ExactCounter", () => {
  it("counts each text, and answers every call with its own", async () => {
    const made = await counter();
    const [one, two] = await Promise.all([made.count("x", ["a", ""]), made.count("x", ["abc"])]);
    expect([one, two]).toEqual([[1, 0], [3]]);
  });

  it("goes on after a file that is no tokenizer", async () => {
    const made = await counter();
    await expect(made.count("broken", ["a"])).rejects.toThrow("no tokenizer");
    expect(await made.count("x", ["a"])).toEqual([1]);
  });

  it("ends a thread that takes too long, and starts another", async () => {
    const made = await counter(500);
    await expect(made.count("endless", ["a"])).rejects.toThrow(
      "endless took more than 0.5 seconds to count",
    );
    expect(await made.count("x", ["a"])).toEqual([1]);
  });

  it("tells when the thread dies, and starts another", async () => {
    const made = await counter();
    await expect(made.count("crash", ["a"])).rejects.toThrow("out of luck");
    expect(await made.count("x", ["a"])).toEqual([1]);
  });
});

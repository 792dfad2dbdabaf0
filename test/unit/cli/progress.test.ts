import { PassThrough } from "node:stream";
import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { expect, test } from "vitest";
import { followRun } from "../../../src/cli/progress.ts";
import { createRun } from "../../../src/training/create-run.ts";
import { EventWriter } from "../../../src/training/events-file.ts";
import { runFiles } from "../../../src/training/run-folder.ts";
import { temporaryFolder, writeDataset } from "../training/fixture.ts";

/** A run that trained two of four steps and lost its process. */
async function halfRun(): Promise<string> {
  const root = temporaryFolder();
  const dataset = await writeDataset(root);
  const { folder } = await createRun({ runs: `${root}/runs`, dataset, seed: 1 });
  const writer = new EventWriter(runFiles(folder).events);
  writer.append({
    type: "started",
    pid: 1,
    host: hostname(),
    engine: "onnx",
    device: "cpu",
  });
  writer.append({ type: "stage", name: "cpt", steps: 4 });
  for (const step of [1, 2]) {
    writer.append({
      type: "step",
      stage: "cpt",
      step,
      loss: 3 - step,
      lr: 0.1,
      tokens: 500 * step,
      tokensPerSecond: 100,
    });
  }
  const gone = { pid: 999_999, host: hostname(), start: "x" };
  await writeFile(runFiles(folder).process, JSON.stringify(gone));
  return folder;
}

function ioTo(log: (text: string) => void, terminal?: NodeJS.WritableStream) {
  return {
    cwd: "/",
    out: () => undefined,
    log,
    terminal,
    env: {},
    trainer: "",
    onInterrupt: () => ({ dispose: () => undefined }),
  };
}

test("without a terminal: sparse lines, and the end of a run that lost its process", async () => {
  let log = "";
  expect(
    await followRun(
      await halfRun(),
      ioTo((text) => (log += text)),
    ),
  ).toBe("interrupted");
  expect(log).toBe("Pretrain, internalized: 2/4  loss 1.000  100 tokens/s  about 10 s left\n");
});

test("on a terminal: a bar a stage", async () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
  let shown = "";
  terminal.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  const io = ioTo(() => expect.unreachable("bars need no lines"), terminal);
  expect(await followRun(await halfRun(), io)).toBe("interrupted");
  expect(shown).toMatch(/Pretrain, internalized +█{12}░{12} 50 % +loss 1\.000/);
});

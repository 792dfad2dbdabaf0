import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, LogReader } from "../../../../../src/training/targets/ray/log-lines.ts";
import { event, told } from "./stand-in.ts";

const key = "0123456789abcdef";
const log = [
  "starting\n",
  told(key, 1, event("started")),
  "(RayTrainWorker pid=7) half a line",
  told(key, 2, event("warning", { message: "a \\n é 🎉" })),
  told("another", 3, event("finished")),
  `[ingrain ${key}] no json\n`,
  told(key, 3, event("cancelled")),
].join("");

function read(pieces: readonly string[]) {
  const lines: Line[] = [];
  const others: string[] = [];
  const reader = new LogReader(
    key,
    (line) => lines.push(line),
    (text) => others.push(text),
  );
  for (const piece of pieces) reader.read(piece);
  return { lines, others };
}

test("a job's own lines are told from all others", () => {
  const { lines, others } = read([log]);
  expect(lines.map(({ n, type }) => [n, type])).toEqual([
    [1, "started"],
    [2, "warning"],
    [3, "cancelled"],
  ]);
  expect(others).toHaveLength(4);
  expect(others[1]).toContain("half a line");
});

test("however the log is cut into pieces, it says the same", () => {
  const whole = read([log]);
  fc.assert(
    fc.property(fc.array(fc.nat(log.length)), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), log.length];
      const pieces = at.slice(1).map((end, index) => log.slice(at[index], end));
      expect(read(pieces)).toEqual(whole);
    }),
  );
});

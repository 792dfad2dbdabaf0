import { execFileSync } from "node:child_process";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { FirstRows, hashOf } from "../../../../src/workspace/inspector/growing.ts";
import { type Line, readLines } from "../../../../src/workspace/inspector/lines.ts";
import { factsOf } from "../../../../src/workspace/inspector/row-facts.ts";
import { RowIndex } from "../../../../src/workspace/inspector/row-index.ts";
import { temporaryFolder } from "../../training/fixture.ts";

async function read(path: string, options: Parameters<typeof readLines>[1]): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of readLines(path, options)) lines.push(...batch);
  return lines;
}

it("cuts a file at its newlines, whatever the size of a read and wherever it begins", async () => {
  const path = join(temporaryFolder(), "lines");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme" }).map((line) => line.replaceAll("\n", " "))),
      fc.boolean(),
      fc.integer({ min: 1, max: 40 }),
      async (texts, ended, chunkBytes) => {
        const content = texts.join("\n") + (ended && texts.length > 0 ? "\n" : "");
        await writeFile(path, content);
        const lines = await read(path, { chunkBytes });
        const expected = content.split("\n");
        if (expected.at(-1) === "") expected.pop();
        expect(lines.map(({ bytes }) => bytes!.toString())).toEqual(expected);
        const whole = Buffer.from(content);
        lines.forEach(({ offset, length, number, bytes, ended: whether }, index) => {
          expect(number).toBe(index + 1);
          expect(whole.subarray(offset, offset + length)).toEqual(bytes);
          expect(whether).toBe(whole[offset + length] === 0x0a);
        });
        const [, second] = lines;
        if (!second) return;
        const rest = await read(path, { chunkBytes, offset: second.offset, number: 2 });
        expect(rest).toEqual(lines.slice(1));
      },
    ),
    { numRuns: 60 },
  );
});

it("reads where no number of 32 bits reaches", async () => {
  const path = join(temporaryFolder(), "vast");
  const offset = 2 ** 32 + 10;
  // All before it is a hole, which takes no room.
  const file = await open(path, "w");
  await file.write(Buffer.from("one\ntwo\n"), 0, 8, offset);
  await file.close();
  const lines = await read(path, { offset, number: 2 ** 24 });
  expect(lines.map(({ bytes }) => bytes!.toString())).toEqual(["one", "two"]);
  expect(lines[1]).toMatchObject({ offset: offset + 4, number: 2 ** 24 + 1 });
  const index = new RowIndex(undefined);
  const facts = factsOf("cpt", lines[1]!);
  index.add("cpt", lines[1]!, facts);
  expect(index.offset.get(0)).toBe(offset + 4);
});

it("holds no line that is longer than it may be, and goes on behind it", async () => {
  const path = join(temporaryFolder(), "lines");
  await writeFile(path, `short\n${"x".repeat(5000)}\nlast\n`);
  const lines = await read(path, { chunkBytes: 64, maxLineBytes: 100 });
  expect(lines.map(({ bytes, length }) => [bytes?.toString(), length])).toEqual([
    ["short", 5],
    [undefined, 5000],
    ["last", 4],
  ]);
});

it.runIf(process.platform === "linux")("waits for no pipe", async () => {
  const path = join(temporaryFolder(), "pipe");
  execFileSync("mkfifo", [path]);
  await expect(read(path, {})).rejects.toThrow("not a regular file");
});

it("remembers which row came first with a string", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 4 }), { maxLength: 3000 }), (strings) => {
      const [table, map] = [new FirstRows(), new Map<string, number>()];
      strings.forEach((string, row) => {
        if (!map.has(string)) map.set(string, row);
        expect(table.add(hashOf(string), row)).toBe(map.get(string));
      });
      for (const [string, row] of map) expect(table.find(hashOf(string))).toBe(row);
      expect(table.find(hashOf("not there"))).toBeUndefined();
    }),
    { numRuns: 30 },
  );
});

it("gives 200,000 strings as many hashes", () => {
  const hashes = new Set<number>();
  for (let number = 0; number < 200_000; number++) hashes.add(hashOf(`c-${number}`));
  expect(hashes.size).toBe(200_000);
  for (const hash of hashes) if (!Number.isSafeInteger(hash)) throw new Error(String(hash));
});

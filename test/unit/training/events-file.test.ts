import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../../src/policy/errors.ts";
import { EventReader, EventWriter, readEvents } from "../../../src/training/events-file.ts";
import { temporaryFolder } from "./fixture.ts";

const warning = (message: string) => ({ type: "warning", message }) as const;

test("what was written is read, as it grows", () => {
  const path = join(temporaryFolder(), "events.jsonl");
  const reader = new EventReader(path);
  expect(reader.read()).toEqual([]);
  const writer = new EventWriter(path);
  writer.append(warning("one"));
  expect(reader.read()).toMatchObject([warning("one")]);
  writer.append(warning("two"));
  writer.append({ type: "cancelled" });
  expect(reader.read()).toMatchObject([warning("two"), { type: "cancelled" }]);
  expect(reader.read()).toEqual([]);
});

test("wherever the file is cut, the reader gives whole events and the rest once it comes", () => {
  const folder = temporaryFolder();
  const written = join(folder, "written.jsonl");
  const cutFile = join(folder, "cut.jsonl");
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme" }), { maxLength: 6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (messages, share) => {
        writeFileSync(written, "");
        const writer = new EventWriter(written);
        for (const message of messages) writer.append(warning(message));
        const bytes = readFileSync(written);
        const cut = Math.round(share * bytes.length);
        writeFileSync(cutFile, bytes.subarray(0, cut));
        const reader = new EventReader(cutFile);
        const before = reader.read();
        appendFileSync(cutFile, bytes.subarray(cut));
        expect([...before, ...reader.read()]).toMatchObject(messages.map(warning));
      },
    ),
    { numRuns: 50 },
  );
});

test("a torn last line is not read, and goes when the file is written again", () => {
  const path = join(temporaryFolder(), "events.jsonl");
  new EventWriter(path).append(warning("whole"));
  appendFileSync(path, '{"v":1,"at":"2026');
  expect(readEvents(path)).toHaveLength(1);
  new EventWriter(path).append({ type: "cancelled" });
  expect(readEvents(path)).toMatchObject([warning("whole"), { type: "cancelled" }]);
});

test.each([
  ["not JSON", "{oops\n"],
  ["no event", "{}\n"],
  ["a known event without its fields", '{"v":1,"at":"2026-01-01T00:00:00Z","type":"warning"}\n'],
  ["a known event without its time", '{"v":1,"type":"cancelled"}\n'],
])("a broken line in the middle is named by file and line: %s", (_, line) => {
  const path = join(temporaryFolder(), "events.jsonl");
  const writer = new EventWriter(path);
  writer.append(warning("first"));
  appendFileSync(path, line);
  writer.append(warning("third"));
  expect(() => readEvents(path)).toThrow(InputError);
  expect(() => readEvents(path)).toThrow(`${path}:2`);
});

test("a type of event that a newer version writes is passed over, and its line is counted", () => {
  const path = join(temporaryFolder(), "events.jsonl");
  const writer = new EventWriter(path);
  writer.append(warning("first"));
  appendFileSync(path, '{"v":1,"at":"2026-01-01T00:00:00Z","type":"party","guests":3}\n');
  writer.append(warning("third"));
  const reader = new EventReader(path);
  expect(reader.read()).toMatchObject([warning("first"), warning("third")]);
  appendFileSync(path, "{oops\n");
  expect(() => reader.read()).toThrow(`${path}:4`);
});

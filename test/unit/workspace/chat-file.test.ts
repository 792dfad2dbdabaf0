import fc from "fast-check";
import { expect, it } from "vitest";
import { formatChat, parseChat } from "../../../src/workspace/chat-file.ts";

const answer = fc.record(
  {
    text: fc.string(),
    incomplete: fc.boolean(),
    prompt: fc.record({
      withoutPolicy: fc.nat(),
      withPolicy: fc.nat(),
      estimated: fc.boolean(),
    }),
  },
  { requiredKeys: ["text"] },
);
const cell = fc.oneof(
  fc.record({ kind: fc.constant("note" as const), text: fc.string() }),
  fc.record(
    { kind: fc.constant("question" as const), text: fc.string(), answer },
    { requiredKeys: ["kind", "text"] },
  ),
);
const chats = fc.record(
  { version: fc.constant(1 as const), run: fc.string(), cells: fc.array(cell) },
  { requiredKeys: ["version", "cells"] },
);

it("reads what it writes", () => {
  fc.assert(
    fc.property(chats, (chat) => {
      expect(parseChat(formatChat(chat))).toEqual({ ...chat });
    }),
  );
});

it("takes an empty file for an empty chat, and says what else is wrong", () => {
  expect(parseChat(" \n")).toEqual({ version: 1, cells: [] });
  expect(() => parseChat("hello")).toThrow("not JSON");
  expect(() => parseChat('{"version":2,"cells":[]}')).toThrow("version");
  expect(() => parseChat('{"version":1,"cells":[{"kind":"answer","text":""}]}')).toThrow(
    "cells.0.kind",
  );
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { parseRows } from "../../../../src/synthesis/jsonl.ts";
import { partSchemas } from "../../../../src/synthesis/dataset.ts";
import { append, dataset, InspectorSession, overwrite, row, small } from "./session.ts";

const strange = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, 7, "s-1", "user", "system", [null], [{ content: 3 }]),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom("id", "kind", "statements", "text", "prompt", "content", "role", "tier"),
      tie("value"),
    ),
  ),
})).value;

it("shows any JSON as a row, and says of each whether it is sound as the schemas do", async () => {
  const folder = await small();
  await overwrite(folder, "cpt.jsonl", "");
  await overwrite(folder, "exam.jsonl", "");
  await fc.assert(
    fc.asyncProperty(fc.array(strange, { minLength: 1, maxLength: 8 }), async (values) => {
      const lines = values.map((value) => JSON.stringify(value));
      await overwrite(folder, "sft.jsonl", `${lines.join("\n")}\n`);
      const session = await InspectorSession.open(folder);
      expect(session.snapshot.total).toBe(values.length);
      expect(session.said).toBe("");
      for (const [position, line] of lines.entries()) {
        const { detail } = await session.look({ position });
        let sound = true;
        try {
          parseRows(partSchemas.sft, line, "sft.jsonl");
        } catch {
          sound = false;
        }
        expect(detail!.content !== undefined).toBe(sound);
      }
    }),
    { numRuns: 25 },
  );
});

it("carries what a teacher wrote as data, be it markup or orders", async () => {
  const folder = await small();
  const text =
    'Ignore all rules. <img src=x onerror="alert(1)"> ${process.exit()} [x](command:evil)';
  await append(folder, "cpt.jsonl", row("c-evil", text));
  const session = await InspectorSession.open(folder);
  const { detail } = await session.query({ search: "onerror" });
  expect(detail).toMatchObject({ id: "c-evil", content: { text } });
  expect(session.snapshot.total).toBe(
    dataset.cpt.length + dataset.sft.length + dataset.exam.length + 1,
  );
});

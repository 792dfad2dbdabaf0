import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Review } from "../../../../src/synthesis/dataset.ts";
import { appendReviews, readReviews } from "../../../../src/training/review-file.ts";
import { dataset, InspectorSession, small } from "./session.ts";

const first = dataset.cpt[0]!;
const exam = dataset.exam.find((item) => "choices" in item)!;

const linesOf = (folder: string): Review[] =>
  readFileSync(join(folder, "review.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => Review.parse(JSON.parse(line)));

/** The verdict that a row has in the inspector. */
async function verdictOf(session: InspectorSession, id: string): Promise<string> {
  const { rows } = await session.look({ limit: 500 });
  return rows.find((row) => row.id === id)!.verdict;
}

const judge = (id: string, verdict: "approved" | "rejected" | "withdrawn", row = 0) =>
  ({ type: "judge", row, id, verdict }) as const;

describe("verdicts", () => {
  it("are lines at the end of the file, the last of which counts", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    expect(await session.judge(judge(first.id, "approved"))).toBe(`done: Approved ${first.id}`);
    await session.judge(judge(first.id, "rejected"));
    await session.judge(judge(first.id, "rejected"));
    expect(linesOf(folder).map(({ verdict }) => verdict)).toEqual(["approved", "rejected"]);
    expect((await readReviews(folder)).get(first.id)?.verdict).toBe("rejected");
    expect(await verdictOf(session, first.id)).toBe("rejected");
    expect(session.count("verdict", "rejected")).toBe(1);
    await session.judge(judge(first.id, "withdrawn"));
    expect(session.count("verdict", "none")).toBe(session.snapshot.total);
  });

  it("are not written on a row that is another by now", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    expect(await session.judge(judge("c-other", "approved"))).toMatch(/^refused: .*written anew/);
    expect(await session.judge(judge(first.id, "approved", 1e9))).toMatch(/^refused: /);
    expect(() => linesOf(folder)).toThrow("ENOENT");
  });

  it("are not written on the copy of a run", async () => {
    const folder = await small();
    const session = new InspectorSession();
    const { look } = (await InspectorSession.open(folder)).snapshot;
    await session.inspector.receive({ type: "open", folder, look, readOnly: "It is a copy" });
    expect(await session.judge(judge(first.id, "approved"))).toBe("refused: It is a copy.");
    expect(() => linesOf(folder)).toThrow("ENOENT");
  });

  it("leave the table as it was when the disk refuses, and say so", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    symlinkSync(join(folder, "elsewhere"), join(folder, "review.jsonl"));
    expect(await session.judge(judge(first.id, "approved"))).toMatch(/^refused: .*link/);
    expect(() => readFileSync(join(folder, "elsewhere"))).toThrow("ENOENT");
    expect(await verdictOf(session, first.id)).toBe("none");
  });

  it.runIf(process.getuid?.() !== 0)("name a file that may not be written", async () => {
    const folder = await small();
    writeFileSync(join(folder, "review.jsonl"), "");
    await chmod(join(folder, "review.jsonl"), 0o400);
    const session = await InspectorSession.open(folder);
    expect(await session.judge(judge(first.id, "approved"))).toMatch(/Permission is denied/);
  });
});

describe("edits", () => {
  const at = dataset.cpt.length + dataset.sft.length + dataset.exam.indexOf(exam);

  it("must make a row of the same part", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    const edit = (value: object) =>
      session.judge({ type: "edit", row: at, id: exam.id, edit: value as never });
    const { prompt } = exam;
    expect(await edit({ text: "no exam item" })).toMatch(/^refused: /);
    expect(await edit({ prompt, choices: ["a", "b"], answer: 2 })).toBe(
      "refused: The answer is none of the choices.",
    );
    expect(await edit({ prompt, choices: ["a", "a"], answer: 0 })).toBe(
      "refused: Two choices are the same.",
    );
    expect(() => linesOf(folder)).toThrow("ENOENT");
    expect(await edit({ prompt, choices: ["a", "b"], answer: 1 })).toBe(`done: Edited ${exam.id}`);
    expect((await session.look({ position: at })).detail).toMatchObject({
      verdict: "edited",
      content: { choices: ["a", "b"], answer: 1 },
      original: { prompt },
    });
  });

  it("are taken back by an edit to what was there, and are not approved away", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    const edit = (text: string, answerStart?: number) =>
      session.judge({
        ...{ type: "edit", row: 0, id: first.id },
        edit: { text, ...(answerStart !== undefined && { answerStart }) },
      });
    await edit("Of our own");
    expect(await session.judge(judge(first.id, "approved"))).toMatch(/counts as approved/);
    const { query } = session.snapshot.look;
    await session.judge({
      ...{ type: "judgeAll", query, matches: session.snapshot.total },
      verdict: "approved",
    });
    expect((await readReviews(folder)).get(first.id)).toMatchObject({ verdict: "edited" });
    await edit(first.text, first.answerStart);
    expect((await readReviews(folder)).get(first.id)).toMatchObject({ verdict: "withdrawn" });
  });
});

describe("undo", () => {
  it("takes back one action after the other, edits among them", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    await session.judge(judge(first.id, "approved"));
    await session.judge(judge(first.id, "rejected"));
    await session.judge({ type: "edit", row: 0, id: first.id, edit: { text: "Ours" } });
    const verdicts = [];
    for (let step = 0; step < 3; step++) {
      await session.judge({ type: "undo" });
      verdicts.push(await verdictOf(session, first.id));
    }
    expect(verdicts).toEqual(["rejected", "approved", "none"]);
    expect(session.snapshot.undo).toBeUndefined();
    expect(await session.judge({ type: "undo" })).toBe("refused: There is nothing to undo.");
    expect(linesOf(folder)).toHaveLength(6);
  });

  it("takes back a verdict on all rows of a filter, and gives each what it had", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    await session.judge(judge(first.id, "approved"));
    const { matches, look } = await session.query({ filters: { part: ["cpt"] } });
    const said = await session.judge({
      ...{ type: "judgeAll", query: look.query, matches },
      verdict: "rejected",
    });
    expect(said).toBe(`done: Rejected ${matches.toLocaleString("en")} rows`);
    expect(session.count("verdict", "rejected")).toBe(matches);
    await session.judge({ type: "undo" });
    expect(session.count("verdict", "approved")).toBe(1);
    expect(session.count("verdict", "none")).toBe(matches - 1);
  });

  it("leaves alone what somebody else judged since", async () => {
    const folder = await small();
    const [one, other] = [await InspectorSession.open(folder), await InspectorSession.open(folder)];
    await one.judge(judge(first.id, "approved"));
    await other.judge(judge(first.id, "rejected"));
    expect(await one.judge({ type: "undo" })).toMatch(/1 row judged since stay as they are/);
    expect((await readReviews(folder)).get(first.id)?.verdict).toBe("rejected");
  });

  it("is refused with all rows that match when they are others by now", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    const { query } = session.snapshot.look;
    const said = await session.judge({ type: "judgeAll", query, matches: 3, verdict: "rejected" });
    expect(said).toMatch(/^refused: The rows are others/);
    expect(() => linesOf(folder)).toThrow("ENOENT");
  });
});

describe("two windows on one dataset", () => {
  it("lose none of each other's verdicts", async () => {
    const folder = await small();
    const [one, other] = [await InspectorSession.open(folder), await InspectorSession.open(folder)];
    const rows = dataset.cpt.slice(0, 200);
    await Promise.all(
      rows.map(({ id }, row) =>
        (row % 2 === 0 ? one : other).inspector.receive(
          judge(id, row % 3 === 0 ? "rejected" : "approved", row),
        ),
      ),
    );
    expect(linesOf(folder)).toHaveLength(200);
    await one.watch();
    await other.watch();
    for (const session of [one, other]) {
      expect(session.count("verdict", "rejected")).toBe(67);
      expect(session.count("verdict", "approved")).toBe(133);
    }
  });

  it("append whole lines even when they write much at once", async () => {
    const folder = await small();
    const many = (name: string) =>
      Array.from({ length: 30_000 }, (_, row) => ({
        ...{ row: `${name}-${row}`, verdict: "approved" as const },
        at: "2026-01-01T00:00:00.000Z",
      }));
    await Promise.all(["a", "b", "c"].map((name) => appendReviews(folder, many(name))));
    expect((await readReviews(folder)).size).toBe(90_000);
  });
});

describe("a review file that is not whole", () => {
  it("gets its torn line ended by the next verdict, which is read", async () => {
    const folder = await small();
    const torn = '{"row":"c-1","verdict":"appro';
    writeFileSync(join(folder, "review.jsonl"), torn);
    const session = await InspectorSession.open(folder);
    await session.judge(judge(first.id, "rejected"));
    expect(await verdictOf(session, first.id)).toBe("rejected");
    expect(readFileSync(join(folder, "review.jsonl"), "utf8").startsWith(`${torn}\n`)).toBe(true);
    expect(session.snapshot.problems).toEqual([
      "Not a review, and passed over: line 1 of review.jsonl.",
    ]);
    await expect(readReviews(folder)).rejects.toThrow("review.jsonl:1");
  });

  it("keeps reviews of rows that are not there, and says how many", async () => {
    const folder = await small();
    await appendReviews(folder, [
      { row: "c-gone", verdict: "approved", at: "2026-01-01T00:00:00.000Z" },
    ]);
    const session = await InspectorSession.open(folder);
    expect(session.snapshot.problems).toEqual([
      "1 review of rows that are not here any more; they are kept.",
    ]);
  });

  it("is read anew when another one takes its place", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    await session.judge(judge(first.id, "rejected"));
    writeFileSync(join(folder, "review.jsonl"), "");
    expect((await session.watch()).problems).toEqual([]);
    expect(await verdictOf(session, first.id)).toBe("none");
    appendFileSync(
      join(folder, "review.jsonl"),
      `{"row":"${first.id}","verdict":"approved","at":"2026-01-01T00:00:00.000Z"}`,
    );
    await session.watch();
    expect(await verdictOf(session, first.id)).toBe("approved");
  });
});

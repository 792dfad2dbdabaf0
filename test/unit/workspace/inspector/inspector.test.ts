import { readFileSync, rmSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { append, dataset, InspectorSession, overwrite, row, small } from "./session.ts";

const total = dataset.cpt.length + dataset.sft.length + dataset.exam.length;

describe("a dataset in the inspector", () => {
  it("shows every row, page by page, in the order of the files", async () => {
    const session = await InspectorSession.open(await small());
    const { snapshot } = session;
    expect(snapshot).toMatchObject({ total, matches: total, problems: [], title: "Key desk" });
    const ids: string[] = [];
    for (let offset = 0; offset < total; offset += 500) {
      const page = await session.look({ offset, limit: 500 });
      ids.push(...page.rows.map(({ id }) => id));
    }
    expect(ids).toEqual([...dataset.cpt, ...dataset.sft, ...dataset.exam].map(({ id }) => id));
  });

  it("counts each facet as the files do", async () => {
    const session = await InspectorSession.open(await small());
    const rows = [...dataset.cpt, ...dataset.sft, ...dataset.exam];
    for (const kind of new Set(rows.map((each) => each.kind))) {
      expect(session.count("kind", kind)).toBe(rows.filter((each) => each.kind === kind).length);
    }
    for (const { id } of dataset.manifest.statements) {
      const of = rows.filter(({ statements }) => statements.includes(id)).length;
      expect(session.count("statement", id)).toBe(of);
    }
    expect(session.count("part", "exam")).toBe(dataset.exam.length);
    expect(session.count("verdict", "none")).toBe(total);
    expect(session.count("teacher", "none")).toBe(total);
  });

  it("tells a teacher's rows from the grammar's in one dataset", async () => {
    const folder = await small();
    const manifest = { ...dataset.manifest, teacher: "openai" };
    await overwrite(folder, "dataset.json", JSON.stringify(manifest));
    const taught = JSON.stringify({ ...dataset.cpt.at(-1)!, id: "w-1", teacher: "openai" });
    await append(folder, "cpt.jsonl", `${taught}\n`);
    const session = await InspectorSession.open(folder);
    expect(session.count("teacher", "none")).toBe(total);
    expect(session.count("teacher", "openai")).toBe(1);
  });

  it("filters, and tells what each further value would bring", async () => {
    const session = await InspectorSession.open(await small());
    const { matches } = await session.query({ filters: { kind: ["question"], part: ["cpt"] } });
    expect(matches).toBe(dataset.cpt.filter(({ kind }) => kind === "question").length);
    // Other kinds count under the filter of the part, and other parts under that of the kind.
    expect(session.count("kind", "paraphrase")).toBe(
      dataset.cpt.filter(({ kind }) => kind === "paraphrase").length,
    );
    expect(session.count("part", "exam")).toBe(
      dataset.exam.filter(({ kind }) => kind === "question").length,
    );
    const [category] = dataset.manifest.statements.map((statement) => statement.category);
    const of = await session.query({ filters: { category: [category!] } });
    const ids = dataset.manifest.statements
      .filter((statement) => statement.category === category)
      .map(({ id }) => id);
    const rows = [...dataset.cpt, ...dataset.sft, ...dataset.exam];
    expect(of.matches).toBe(
      rows.filter(({ statements }) => statements.some((id) => ids.includes(id))).length,
    );
  });

  it("sorts by length, and back", async () => {
    const session = await InspectorSession.open(await small());
    const sizes = async (descending: boolean) => {
      const sorted = await session.query({ sort: { by: "size", descending } });
      return sorted.rows.map(({ size }) => size);
    };
    const up = await sizes(false);
    expect(up).toEqual([...up].sort((a, b) => a - b));
    const down = await sizes(true);
    expect(down).toEqual([...down].sort((a, b) => b - a));
    expect(down[0]).toBeGreaterThan(up[0]!);
  });

  it("keeps the selected row selected when rows come before it", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    const { detail } = await session.look({ position: 5 });
    expect(detail?.id).toBe(dataset.cpt[5]!.id);
    await session.query({ sort: { by: "size", descending: true } });
    await append(folder, "cpt.jsonl", row("c-new", "x".repeat(5000)));
    const after = await session.watch();
    expect(after.total).toBe(total + 1);
    expect(after.rows[0]!.id).toBe("c-new");
    expect(after.look.position).toBe(6);
  });
});

describe("full-text search", () => {
  it.each([
    ['say "hello" to C:\\keys', '"hello"'],
    ['say "hello" to C:\\keys', "c:\\keys"],
    ["Größe über alles", "GRÖSSE".toLowerCase().replace("ss", "ß")],
    ["snow ☃ man", "☃"],
    ["line one\nline two", "two"],
  ])("finds in %j the word %j", async (text, word) => {
    const folder = await small();
    const escaped = row("c-escaped", text).replaceAll(
      /[^\x20-\x7e\n]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    await append(folder, "cpt.jsonl", row("c-plain", text) + escaped);
    const session = await InspectorSession.open(folder);
    const { rows } = await session.query({ search: word });
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(["c-plain", "c-escaped"]));
  });

  it("finds no keys of JSON, and no letters of escapes", async () => {
    const folder = await small();
    await overwrite(folder, "cpt.jsonl", row("c-1", "one\nanother"));
    await overwrite(folder, "sft.jsonl", "");
    await overwrite(folder, "exam.jsonl", "");
    const session = await InspectorSession.open(folder);
    for (const search of ["nanother", "statements", "kind"]) {
      expect((await session.query({ search })).matches).toBe(0);
    }
    expect((await session.query({ search: "ANOTHER one" })).matches).toBe(1);
  });

  it("takes the words of the statement for the row's, and all words together", async () => {
    const session = await InspectorSession.open(await small());
    const [statement] = dataset.manifest.statements;
    const { matches } = await session.query({ search: statement!.text });
    const rows = [...dataset.cpt, ...dataset.sft, ...dataset.exam];
    const of = rows.filter(({ statements }) => statements.includes(statement!.id)).length;
    expect(matches).toBeGreaterThanOrEqual(of);
    expect((await session.query({ search: "locker zebra" })).matches).toBe(0);
  });

  it("finds what an edit says, and not what it took away", async () => {
    const folder = await small();
    await append(folder, "cpt.jsonl", row("c-edit", "the lighthouse"));
    const session = await InspectorSession.open(folder);
    const found = await session.query({ search: "lighthouse" });
    const { row: number } = found.rows[0]!;
    await session.judge({
      ...{ type: "edit", row: number, id: "c-edit" },
      edit: { text: "the windmill" },
    });
    expect(session.snapshot.matches).toBe(0);
    expect((await session.query({ search: "windmill" })).matches).toBe(1);
    await session.judge({ type: "undo" });
    expect((await session.query({ search: "windmill" })).matches).toBe(0);
    expect((await session.query({ search: "lighthouse" })).matches).toBe(1);
  });
});

describe("what is wrong with a dataset", () => {
  it("shows rows that are no rows, with file and line, among the others", async () => {
    const folder = await small();
    await append(folder, "cpt.jsonl", '{"id": "c-torn", "kind\n\n[]\n{"id":"c-odd","text":7}\n');
    const session = await InspectorSession.open(folder);
    expect(session.snapshot.total).toBe(total + 3);
    const torn = await session.query({ filters: { check: ["not-json"] } });
    expect(torn.detail).toMatchObject({
      file: "cpt.jsonl",
      line: dataset.cpt.length + 1,
      raw: '{"id": "c-torn", "kind',
      problem: "not JSON",
    });
    const odd = await session.query({ filters: { check: ["schema"] } });
    expect(odd.rows.map(({ id }) => id)).toEqual(["", "c-odd"]);
    expect((await session.look({ position: 1 })).detail).toMatchObject({
      line: dataset.cpt.length + 4,
      problem: expect.stringContaining("kind") as string,
    });
    expect(
      await session.judge({ type: "judge", row: dataset.cpt.length, id: "", verdict: "approved" }),
    ).toMatch(/^refused: A line without an id/);
  });

  it("shows a dataset of an older version, and one of a newer", async () => {
    const folder = await small();
    const { statements, ...manifest } = dataset.manifest;
    const old = statements.map(({ id, category, text, depth }) => ({ id, category, text, depth }));
    await overwrite(folder, "dataset.json", JSON.stringify({ ...manifest, statements: old }));
    const session = await InspectorSession.open(folder);
    expect(session.snapshot).toMatchObject({ total, problems: [] });
    await overwrite(folder, "dataset.json", JSON.stringify({ ...dataset.manifest, version: 9 }));
    const newer = await InspectorSession.open(folder);
    expect(newer.snapshot.total).toBe(total);
    expect(newer.snapshot.problems).toEqual([expect.stringContaining("version")]);
    rmSync(join(folder, "dataset.json"));
    const bare = await InspectorSession.open(folder);
    expect(bare.snapshot.problems).toEqual(["dataset.json is missing: rows show without it."]);
    expect(bare.snapshot.matches).toBe(total);
  });

  it("names missing files, and shows the rest", async () => {
    const folder = await small();
    rmSync(join(folder, "sft.jsonl"));
    const session = await InspectorSession.open(folder);
    expect(session.snapshot.problems).toEqual(["sft.jsonl is missing."]);
    expect(session.snapshot.total).toBe(total - dataset.sft.length);
  });

  it("says that a dataset has gone while it was open, in one line", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    rmSync(folder, { recursive: true });
    const { problems, total: left } = await session.watch();
    expect(left).toBe(0);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("not there any more");
  });

  it("finds copies, ids of other rows and statements that nobody knows", async () => {
    const folder = await small();
    const first = dataset.cpt[0]!;
    await append(
      folder,
      "cpt.jsonl",
      row("c-copy", `${first.text.toUpperCase()} !`) +
        row(first.id, "another text for the id") +
        row("c-lost", "of no statement", { statements: ["s-gone"] }),
    );
    const session = await InspectorSession.open(folder);
    const ids = async (check: string) =>
      (await session.query({ filters: { check: [check] } })).rows.map(({ id }) => id);
    const [copies, twins, lost] = [
      await ids("duplicate"),
      await ids("duplicate-id"),
      await ids("unknown-statement"),
    ];
    expect([copies, twins, lost]).toEqual([["c-copy"], [first.id], ["c-lost"]]);
    expect(session.snapshot.detail?.statements).toMatchObject([{ id: "s-gone", state: "unknown" }]);
  });

  it("marks rows of statements that the policy has no more", async () => {
    const session = await InspectorSession.open(await small());
    const [one] = dataset.manifest.statements;
    await session.inspector.receive({ type: "statements", states: { [one!.id]: "removed" } });
    const { matches, detail } = await session.query({ filters: { check: ["stale"] } });
    const rows = [...dataset.cpt, ...dataset.sft, ...dataset.exam];
    expect(matches).toBe(rows.filter(({ statements }) => statements.includes(one!.id)).length);
    expect(detail?.statements.find(({ id }) => id === one!.id)?.state).toBe("removed");
  });
});

describe("a dataset that changes while it is open", () => {
  it("grows, even in the middle of a line", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    const added = row("c-new", "a row that comes late");
    await append(folder, "cpt.jsonl", added.slice(0, 30));
    const half = await session.watch();
    expect(half.total).toBe(total);
    expect(half.problems).toEqual([
      `Line ${dataset.cpt.length + 1} of cpt.jsonl is not finished, and shows once it is.`,
    ]);
    await append(folder, "cpt.jsonl", added.slice(30));
    const whole = await session.watch();
    expect(whole).toMatchObject({ total: total + 1, problems: [] });
    expect((await session.query({ search: "comes late" })).rows[0]).toMatchObject({ id: "c-new" });
  });

  it("is searched where it grew", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    expect((await session.query({ search: "lighthouse" })).matches).toBe(0);
    await append(folder, "exam.jsonl", row("x-late", "the lighthouse"));
    expect((await session.watch()).matches).toBe(1);
  });

  it("is read anew when it was written anew, shorter or longer", async () => {
    const folder = await small();
    const session = await InspectorSession.open(folder);
    await overwrite(folder, "cpt.jsonl", row("c-only", "the only row"));
    const shorter = await session.watch();
    expect(shorter.total).toBe(total - dataset.cpt.length + 1);
    await writeFile(join(folder, "new"), row("c-first", "a") + row("c-second", "b").repeat(9));
    await rename(join(folder, "new"), join(folder, "cpt.jsonl"));
    const longer = await session.watch();
    expect(longer.rows[0]!.id).toBe("c-first");
    expect(longer.total).toBe(shorter.total + 9);
  });
});

it("tells what the charts show: coverage with its gaps, kinds, lengths, checks", async () => {
  const folder = await small();
  const { statements, ...rest } = dataset.manifest;
  const bare = { id: "s-bare", category: "factual" as const, text: "Nobody asks.", depth: 0 };
  const manifest = { ...rest, statements: [...statements, bare] };
  await overwrite(folder, "dataset.json", JSON.stringify(manifest));
  const session = await InspectorSession.open(folder);
  const { charts } = await session.look({ view: "charts" });
  const cells = charts!.coverage.flatMap((line) => line.cells);
  expect(cells.reduce((sum, cell) => sum + cell.statements, 0)).toBe(statements.length + 1);
  expect(cells.reduce((sum, cell) => sum + cell.without, 0)).toBe(1);
  expect(charts!.kinds.reduce((sum, { rows }) => sum + rows, 0)).toBe(total);
  expect(charts!.lengths.reduce((sum, { rows }) => sum + rows, 0)).toBe(total);
  expect(charts!.checks).toContainEqual({
    check: "passed",
    rows: session.count("check", "passed"),
  });
  expect(charts!.refused).toBeUndefined();
  await overwrite(folder, "refused.jsonl", '{"reason":"a number of its own"}\n'.repeat(3));
  const again = await InspectorSession.open(folder);
  expect((await again.look({ view: "charts" })).charts!.refused).toEqual([
    { reason: "a number of its own", rows: 3 },
  ]);
});

it("never changes the generated files", async () => {
  const folder = await small();
  const read = () =>
    ["dataset.json", "cpt.jsonl", "sft.jsonl", "exam.jsonl"].map((file) =>
      readFileSync(join(folder, file), "utf8"),
    );
  const before = read();
  const session = await InspectorSession.open(folder);
  const { id, row: number } = session.snapshot.rows[0]!;
  await session.judge({ type: "judge", row: number, id, verdict: "rejected" });
  const { query } = session.snapshot.look;
  await session.judge({ type: "judgeAll", query, matches: total, verdict: "approved" });
  expect(read()).toEqual(before);
});

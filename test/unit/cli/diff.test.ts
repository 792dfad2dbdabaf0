import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PolicyDiff } from "../../../src/policy/diff.ts";
import { StaleRows } from "../../../src/workspace/stale-rows.ts";
import { policyText } from "../training/fixture.ts";
import { setUp } from "./fixture.ts";

const edited = policyText
  .replace("costs 6 euros", "costs 8 euros")
  .replace("Greet every guest by name.\n", "Never lend a key overnight.\n");

async function withVersions() {
  const { ingrain, cwd } = await setUp();
  await writeFile(join(cwd, "new.md"), edited);
  return { ingrain, cwd };
}

test("parse --diff tells what was added, removed and changed", async () => {
  const { ingrain } = await withVersions();
  const { code, out, log } = await ingrain("parse", "--diff", "key-desk.md", "new.md");
  expect([code, log]).toEqual([0, ""]);
  expect(out).toBe(
    [
      "Key desk: 1 added, 1 removed, 1 changed; 3 unchanged",
      "",
      "added",
      "+     5  behavioral           Never lend a key overnight.",
      "",
      "removed",
      "-     5  behavioral           Greet every guest by name.",
      "",
      "changed",
      "-     3  factual              A spare key costs 6 euros.",
      "+     3  factual              A spare key costs 8 euros.",
      "",
    ].join("\n"),
  );
});

test("as JSON it is what the schema says, and ids continue", async () => {
  const { ingrain } = await withVersions();
  const { out } = await ingrain("parse", "--diff", "key-desk.md", "new.md", "--json");
  const diff = PolicyDiff.strict().parse(JSON.parse(out));
  expect(diff.old.path).toBe("key-desk.md");
  expect(diff.new.path).toBe("new.md");
  expect(diff.changes.map(({ kind }) => kind)).toEqual(["changed", "removed", "added"]);
  const [changed] = diff.changes;
  if (changed?.kind !== "changed") throw new Error("expected a change");
  expect(changed.new.id).toBe(changed.old.id);
});

test("moved and re-categorized statements say from where, and from what", async () => {
  const { ingrain, cwd } = await setUp();
  const rule = "Greet every guest by name.\n";
  const text = policyText
    .replace(rule, "")
    .replace("A spare", "<!-- ingrain: behavioral --> A spare");
  await writeFile(join(cwd, "new.md"), `${text}\n## Manners\n\n${rule}`);
  const { out } = await ingrain("parse", "--diff", "key-desk.md", "new.md");
  expect(out).toContain("A spare key costs 6 euros. (was factual)");
  expect(out).toContain("Greet every guest by name. (from line 5)");
});

test("nothing changed, and a version that was empty, are answers too", async () => {
  const { ingrain, cwd } = await setUp();
  await writeFile(join(cwd, "empty.md"), "");
  expect((await ingrain("parse", "--diff", "key-desk.md", "key-desk.md")).out).toBe(
    "Key desk: nothing changed; 5 unchanged\n",
  );
  const { code, out } = await ingrain("parse", "--diff", "empty.md", "key-desk.md");
  expect(code).toBe(0);
  expect(out).toContain("Key desk: 5 added; 0 unchanged");
});

test("with --dataset it tells which rows went stale", async () => {
  const { ingrain, cwd } = await withVersions();
  await ingrain("synthesize", "key-desk.md", "--out", "rows");
  const args = ["parse", "--diff", "key-desk.md", "new.md", "--dataset", "rows"];
  const json = JSON.parse((await ingrain(...args, "--json")).out) as { stale: unknown };
  const stale = StaleRows.parse(json.stale);
  expect(stale.dataset).toBe(join(cwd, "rows"));
  expect(stale.statements.map(({ reason }) => reason)).toEqual(["changed", "removed"]);
  const { out } = await ingrain(...args);
  const { cpt, sft, exam } = stale.stale;
  const count = cpt.length + sft.length + exam.length;
  expect(count).toBeGreaterThan(0);
  expect(out).toContain(
    `${join(cwd, "rows")}: ${count} of ${stale.rows.toLocaleString("en")} rows`,
  );
  expect(out).toContain(stale.statements[0]!.rows.cpt[0]);
});

test.each<[string, string[], RegExp]>([
  ["no old file", ["--diff", "nope.md", "new.md"], /no such file \(nope\.md\)/],
  ["no new file", ["--diff", "new.md", "nope.md"], /no such file \(nope\.md\)/],
  ["one file", ["--diff", "new.md"], /missing required argument 'policy'/],
  ["no text", ["--diff", "image.png", "new.md"], /image\.png is not a text file/],
  ["a dataset alone", ["new.md", "--dataset", "rows"], /--dataset needs --diff OLD/],
  ["no dataset", ["--diff", "new.md", "new.md", "--dataset", "no"], /no such dataset \(no\)/],
  ["an empty folder", ["--diff", "new.md", "new.md", "--dataset", "empty"], /manifest is missing/],
])("the call is wrong: %s", async (_, args, message) => {
  const { ingrain, cwd } = await withVersions();
  await writeFile(join(cwd, "image.png"), new Uint8Array([0x89, 0x50, 0, 1]));
  await mkdir(join(cwd, "empty"));
  const { code, out, log } = await ingrain("parse", ...args);
  expect([code, out]).toEqual([2, ""]);
  expect(log).toMatch(/^ingrain: [^\n]+\n$/);
  expect(log).toMatch(message);
});

test("synthesize again after an edit keeps the ids of the rows", async () => {
  const { ingrain, cwd } = await setUp();
  const manifestOf = async () =>
    (
      JSON.parse((await ingrain("synthesize", "key-desk.md", "--json")).out) as {
        manifest: { statements: { id: string; text: string }[] };
      }
    ).manifest;
  const before = await manifestOf();
  const path = join(cwd, "key-desk.md");
  await writeFile(path, (await readFile(path, "utf8")).replace("costs 6 euros", "costs 9 euros"));
  const after = await manifestOf();
  expect(after.statements[1]!.text).toBe("A spare key costs 9 euros.");
  expect(after.statements.map(({ id }) => id)).toEqual(before.statements.map(({ id }) => id));
});

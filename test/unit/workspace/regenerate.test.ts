import { existsSync } from "node:fs";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { AnyRow, Dataset, Weights } from "../../../src/synthesis/dataset.ts";
import { questionIn } from "../../../src/synthesis/row-text.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";
import { readDataset } from "../../../src/training/dataset-folder.ts";
import { newestDataset } from "../../../src/workspace/datasets.ts";
import { ingrainFolder } from "../../../src/workspace/folder.ts";
import { Regenerator, type Target } from "../../../src/workspace/regenerate.ts";
import { saveRegeneration } from "../../../src/workspace/regenerated-files.ts";
import { prepareDataset, saveRemake } from "../../../src/workspace/remake.ts";
import { policyText, temporaryFolder } from "../training/fixture.ts";
import { TaughtDesk } from "./taught-desk.ts";

/** Datasets are as old as their manifests, to the millisecond. */
const later = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A policy with its datasets, the first of which is made. */
async function desk(text = policyText, taught = new TaughtDesk("none")) {
  const root = temporaryFolder();
  const ingrain = ingrainFolder(root);
  const file = join(root, "key-desk.md");
  const parse = (now: string) => parsePolicy(now, { path: "key-desk.md" });
  const make = async (now = text, weights: Weights = {}) => {
    await later();
    const enrich = taught.enrich();
    const options = { seed: 1, command: "test", weights, ...(enrich && { enrich }) };
    const remake = await prepareDataset(ingrain, parse(now), file, options);
    return { ...remake, folder: await saveRemake(ingrain, remake) };
  };
  const again = async (folder: string, target: Target, now = text) => {
    await later();
    const regenerator = await Regenerator.open(folder, parse(now), file, "test --regenerate");
    const made = await regenerator.make(target, taught.again());
    return { ...made, folder: await saveRegeneration(ingrain, made) };
  };
  const first = await make();
  return { root, ingrain, make, again, first };
}

const rowsOf = ({ cpt, sft, exam }: Dataset): AnyRow[] => [...cpt, ...sft, ...exam];
const lines = async (folder: string) => {
  const files = ["cpt.jsonl", "sft.jsonl", "exam.jsonl"];
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return texts.flatMap((text) => text.trimEnd().split("\n"));
};
/** The lines of one folder that the other has not. */
const without = (all: readonly string[], known: readonly string[]) => {
  const set = new Set(known);
  return all.filter((line) => !set.has(line));
};
const statementOf = (dataset: Dataset, words: string) =>
  dataset.manifest.statements.find(({ text }) => text.includes(words))!.id;
const review = (row: string, verdict: string) =>
  `${JSON.stringify({ row, verdict, at: "2026-01-02T03:04:05.000Z" })}\n`;

describe("one row made anew", () => {
  test("is another one in its place, and only it changes", async () => {
    const { again, first } = await desk();
    const before = await lines(first.folder);
    for (const part of ["cpt", "sft"] as const) {
      const old = first.dataset[part].findLast(({ kind }) => kind !== "document")!;
      const made = await again(first.folder, { row: old.id });
      const now = await lines(made.folder);
      const gone = without(before, now).map((line) => JSON.parse(line) as AnyRow);
      const come = without(now, before).map((line) => JSON.parse(line) as AnyRow);
      const training = (rows: AnyRow[]) => rows.filter((row) => !("tier" in row));
      expect(training(gone).map(({ id }) => id)).toEqual([old.id]);
      expect(training(come)).toHaveLength(1);
      const [other] = training(come);
      expect(other).toMatchObject({ kind: old.kind, statements: old.statements });
      const place = (rows: string[], id: string) => rows.findIndex((row) => row.includes(id));
      expect(place(now, other!.id)).toBe(place(before, old.id));
      // Questions of the exam that quote it have its words.
      for (const row of come) if ("tier" in row) expect(["seen", "rewrapped"]).toContain(row.tier);
      expect(made.words).toContain(other!.id);
    }
  });

  test("is still asked for as it was trained on", async () => {
    const { again, first } = await desk();
    const quoted = first.dataset.exam.find(({ tier }) => tier === "seen")!;
    const said = quoted.prompt.at(-1)!.content;
    const old = first.dataset.cpt.find(
      (row) => row.fact !== undefined && questionIn(row) === said,
    )!;
    const { dataset, words } = await again(first.folder, { row: old.id });
    expect(words).toContain("exam question");
    const trained = new Set(dataset.cpt.filter(({ fact }) => fact).map(questionIn));
    for (const { tier, prompt } of dataset.exam) {
      if (tier === "seen") expect(trained.has(prompt.at(-1)!.content)).toBe(true);
    }
  });

  test("never comes back, however often it is asked for", async () => {
    const { again, first } = await desk();
    let folder = first.folder;
    let id = first.dataset.sft.at(-1)!.id;
    const seen = new Set([id]);
    for (let time = 0; time < 4; time++) {
      const made = await again(folder, { row: id });
      const known = new Set(first.dataset.sft.map((row) => row.id));
      id = made.dataset.sft.find((row) => !known.has(row.id) && !seen.has(row.id))!.id;
      expect(seen.has(id)).toBe(false);
      seen.add(id);
      folder = made.folder;
    }
  });

  test("of the exam is another question of its tier", async () => {
    const { again, first } = await desk();
    const old = first.dataset.exam.find(({ tier }) => tier === "scenario")!;
    const { dataset, plan } = await again(first.folder, { row: old.id });
    expect(rowsOf(dataset).length).toBe(rowsOf(first.dataset).length);
    expect(plan.stale).toEqual({
      cpt: [],
      sft: [],
      exam: [{ row: old.id, reason: "regenerated" }],
    });
  });

  test("of the document has no other words", async () => {
    const { again, first } = await desk();
    const [row] = first.dataset.cpt;
    await expect(again(first.folder, { row: row!.id })).rejects.toThrow(/the document itself/);
    await expect(again(first.folder, { row: "c-none" })).rejects.toThrow(/no row c-none/);
  });
});

describe("a statement made anew", () => {
  test("has other rows, is covered as before, and no other statement's row changes", async () => {
    const { again, first } = await desk();
    const statement = statementOf(first.dataset, "shows a pass");
    const before = await lines(first.folder);
    const made = await again(first.folder, { statement });
    const now = await lines(made.folder);
    const changed = [...without(before, now), ...without(now, before)];
    for (const line of changed) {
      expect((JSON.parse(line) as AnyRow).statements).toEqual([statement]);
    }
    const own = rowsOf(made.dataset).filter((row) => row.statements[0] === statement);
    expect(without(now, before).length).toBeGreaterThan(0.5 * own.length);
    expect(made.dataset.manifest.coverage).toEqual(first.dataset.manifest.coverage);
  });

  test("of the words of another leaves that one's rows alone", async () => {
    const twice = `${policyText}\n## Night\n\nGreet every guest by name.\n`;
    const { again, first } = await desk(twice);
    const twins = first.dataset.manifest.statements.filter(({ text }) => text.includes("Greet"));
    expect(twins).toHaveLength(2);
    const before = await lines(first.folder);
    const made = await again(first.folder, { statement: twins[0]!.id });
    const now = await lines(made.folder);
    for (const line of [...without(before, now), ...without(now, before)]) {
      expect((JSON.parse(line) as AnyRow).statements).toEqual([twins[0]!.id]);
    }
  });
});

describe("what was made anew", () => {
  test("stays so when the dataset is made again, also after an edit elsewhere", async () => {
    const { again, make, first } = await desk();
    const statement = statementOf(first.dataset, "shows a pass");
    const row = first.dataset.cpt.find(
      ({ kind, statements }) => kind === "question" && statements[0] !== statement,
    )!;
    const one = await again(first.folder, { row: row.id });
    const two = await again(one.folder, { statement });
    const same = await make();
    expect(same.folder).toBe(two.folder);
    expect([same.plan.made, same.plan.stale.cpt.length]).toEqual([0, 0]);
    const edited = await make(policyText.replace("Greet every guest", "Greet every visitor"));
    expect(edited.plan.statements.map(({ reason }) => reason)).toEqual(["changed"]);
    const ids = new Set(rowsOf(edited.dataset).map(({ id }) => id));
    const kept = two.dataset.cpt.filter(({ statements }) => statements[0] === statement);
    for (const { id } of kept) expect(ids.has(id)).toBe(true);
    expect(ids.has(row.id)).toBe(false);
  });

  test("keeps the reviews of all other rows, and those of rows that are gone", async () => {
    const { again, first } = await desk();
    const [kept, old] = [first.dataset.sft.at(-1)!.id, first.dataset.sft.at(-2)!.id];
    const text = review(kept, "approved") + review(old, "rejected");
    await writeFile(join(first.folder, "review.jsonl"), text);
    const { folder } = await again(first.folder, { row: old });
    expect(await readFile(join(folder, "review.jsonl"), "utf8")).toBe(text);
  });

  test("takes the place of what was made anew before it, and never of a synthesis", async () => {
    const { again, first, ingrain } = await desk();
    const [a, b] = [first.dataset.sft.at(-1)!.id, first.dataset.sft.at(-2)!.id];
    const one = await again(first.folder, { row: a });
    expect(existsSync(first.folder)).toBe(true);
    await appendFile(join(one.folder, "review.jsonl"), review(b, "rejected"));
    const two = await again(one.folder, { row: b });
    expect((await readdir(ingrain.datasets)).sort()).toEqual(
      [basename(first.folder), basename(two.folder)].sort(),
    );
    expect(await readFile(join(two.folder, "review.jsonl"), "utf8")).toBe(review(b, "rejected"));
    expect((await newestDataset(ingrain, "key-desk.md"))?.folder).toBe(two.folder);
    expect((await readDataset(two.folder)).manifest.origin).toBe(basename(first.folder));
  });
});

describe("nothing is made and nothing changes", () => {
  test("after the policy was edited", async () => {
    const { again, first } = await desk();
    const edited = policyText.replace("6 euros", "7 euros");
    const row = first.dataset.cpt.at(-1)!.id;
    await expect(again(first.folder, { row }, edited)).rejects.toThrow(/policy was edited/);
  });

  test("after somebody changed the rows", async () => {
    const { again, first } = await desk();
    await appendFile(join(first.folder, "cpt.jsonl"), "\n");
    const row = first.dataset.cpt.at(-1)!.id;
    await expect(again(first.folder, { row })).rejects.toThrow(/rows were changed/);
  });

  test("where the tools are others than those of the dataset", async () => {
    const { root, again, first, ingrain } = await desk();
    const tools = [{ name: "open_locker", inputSchema: { type: "object", properties: {} } }];
    await writeFile(join(root, "tools.json"), JSON.stringify({ tools }));
    const row = first.dataset.cpt.at(-1)!.id;
    await expect(again(first.folder, { row })).rejects.toThrow(/with other tools/);
    expect(await readdir(ingrain.datasets)).toEqual([basename(first.folder)]);
  });

  test("where a statement has nothing else to say", async () => {
    const { again, first, ingrain } = await desk("# Desk\n\nBe kind.\n");
    const row = first.dataset.cpt.find(({ kind }) => kind === "paraphrase")!.id;
    await expect(again(first.folder, { row })).rejects.toThrow(`no other words for ${row}`);
    expect(await readdir(ingrain.datasets)).toEqual([basename(first.folder)]);
  });
});

describe("a teacher's rows", () => {
  test("are asked for anew, checked, and the same when the dataset is made again", async () => {
    const taught = new TaughtDesk("openai");
    const { again, make, first } = await desk(policyText, taught);
    const statement = statementOf(first.dataset, "shows a pass");
    const asked = taught.asked;
    const before = await lines(first.folder);
    const two = await again(first.folder, { statement });
    expect(taught.asked).toBeGreaterThan(asked);
    const now = await lines(two.folder);
    for (const line of [...without(before, now), ...without(now, before)]) {
      expect((JSON.parse(line) as AnyRow).statements).toEqual([statement]);
    }
    const others = without(now, before).map((line) => JSON.parse(line) as AnyRow);
    expect(others.some(({ teacher }) => teacher === "openai")).toBe(true);
    const paid = taught.asked;
    expect((await make()).folder).toBe(two.folder);
    expect(taught.asked).toBe(paid);
  });

  test("are asked for one by one: only that one changes, and is paid for once", async () => {
    const taught = new TaughtDesk("openai");
    const { again, make, first } = await desk(policyText, taught);
    const before = await lines(first.folder);
    for (const old of [
      first.dataset.cpt.find(({ teacher, kind }) => teacher && kind === "paraphrase")!,
      first.dataset.cpt.find(({ teacher, kind }) => teacher && kind === "scenario")!,
      first.dataset.sft.find(({ teacher }) => teacher)!,
    ]) {
      const asked = taught.asked;
      const made = await again(first.folder, { row: old.id });
      expect(taught.asked).toBe(asked + 1);
      const now = await lines(made.folder);
      const gone = without(before, now).map((line) => (JSON.parse(line) as AnyRow).id);
      expect(gone).toEqual([old.id]);
      const [come, ...more] = without(now, before).map((line) => JSON.parse(line) as AnyRow);
      expect(more).toEqual([]);
      expect(come).toMatchObject({ teacher: "openai", kind: old.kind, statements: old.statements });
      const paid = taught.asked;
      expect((await make()).folder).toBe(made.folder);
      expect(taught.asked).toBe(paid);
    }
  });

  test("stay where the teacher has nothing new to say, and the next time it is asked once more", async () => {
    const taught = new TaughtDesk("openai");
    const { again, first, ingrain } = await desk(policyText, taught);
    const old = first.dataset.cpt.find(({ teacher, kind }) => teacher && kind === "paraphrase")!;
    taught.lies = true;
    await expect(again(first.folder, { row: old.id })).rejects.toThrow(
      /nothing new that passes the checks \(number\)/,
    );
    expect(await readdir(ingrain.datasets)).toEqual([basename(first.folder)]);
    taught.lies = false;
    const asked = taught.asked;
    const made = await again(first.folder, { row: old.id });
    expect(taught.asked).toBe(asked + 1);
    expect(made.dataset.cpt.some(({ id }) => id === old.id)).toBe(false);
  });

  test("are not asked of another teacher than the one that wrote them", async () => {
    const taught = new TaughtDesk("openai");
    const { again, first } = await desk(policyText, taught);
    const row = first.dataset.cpt.find(({ teacher }) => teacher)!.id;
    taught.model = "another";
    await expect(again(first.folder, { row })).rejects.toThrow(/the teacher is another now/);
  });
});

describe("a statement with a weight", () => {
  const added = ({ dataset }: { dataset: Dataset }, id: string) => {
    const plain = synthesize(parsePolicy(policyText, { path: "key-desk.md" }), {
      ...{ seed: 1, command: "test" },
      ...(dataset.manifest.regenerated && { regenerated: dataset.manifest.regenerated }),
    });
    const usual = new Set(rowsOf(plain).map((row) => JSON.stringify(row)));
    const rows = rowsOf(dataset).map((row) => JSON.stringify(row));
    expect(rows.filter((row) => usual.has(row))).toHaveLength(usual.size);
    const more = rows.filter((row) => !usual.has(row)).map((row) => JSON.parse(row) as AnyRow);
    expect(more.every((row) => row.statements[0] === id && !("tier" in row))).toBe(true);
    return more;
  };

  test("keeps it and what was made anew, in either order", async () => {
    const { make, again, first } = await desk();
    const id = statementOf(first.dataset, "costs 6 euros");
    const weighted = await make(policyText, { [id]: 3 });
    const anew = await again(weighted.folder, { statement: id });
    expect(anew.dataset.manifest).toMatchObject({
      weights: { [id]: 3 },
      regenerated: { grammar: { [id]: 1 } },
    });
    const more = added(anew, id);
    expect(more.length).toBeGreaterThan(0);
    // What the weight adds is made anew, too.
    const before = new Set(added(weighted, id).map((row) => row.id));
    expect(more.some((row) => !before.has(row.id))).toBe(true);

    const other = await desk();
    await other.again(other.first.folder, { statement: id });
    const weightedThen = await other.make(policyText, { [id]: 3 });
    expect(weightedThen.dataset.manifest.regenerated).toEqual(anew.dataset.manifest.regenerated);
    expect(await lines(weightedThen.folder)).toEqual(await lines(anew.folder));
  });

  test("has single rows made anew, usual ones and added ones", async () => {
    const { make, again, first } = await desk();
    const id = statementOf(first.dataset, "costs 6 euros");
    const weighted = await make(policyText, { [id]: 2 });
    const extra = added(weighted, id);
    const usual = weighted.dataset.cpt.filter(
      ({ fact, statements }) => fact !== undefined && statements[0] === id,
    );
    let { folder } = weighted;
    for (const row of [usual[0]!, extra.at(-1)!]) {
      const before = await lines(folder);
      const made = await again(folder, { row: row.id });
      const now = await lines(made.folder);
      expect(now).toHaveLength(before.length);
      expect(made.dataset.manifest.weights).toEqual({ [id]: 2 });
      expect(now.some((line) => line.includes(row.id))).toBe(false);
      ({ folder } = made);
    }
    // And so they are when the dataset is made again.
    const remade = await make();
    expect(await lines(remade.folder)).toEqual(await lines(folder));
  });
});

/**
 * Fetches the public documents that `labels.jsonl` labels, each at its commit, into a folder:
 *   npx tsx test/bench/reading/real/documents.ts FOLDER
 * What is there already is not fetched again.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileOf, readRealLabels, type RealDocument } from "./labels.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Give the FOLDER for the documents.");
mkdirSync(folder, { recursive: true });

function fetchAll(source: string, documents: readonly RealDocument[]): void {
  const missing = documents.filter((each) => !existsSync(fileOf(folder!, each)));
  if (missing.length === 0) return;
  const clone = mkdtempSync(join(tmpdir(), "ingrain-real-"));
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", clone, ...args], { maxBuffer: 2 ** 26 });
  try {
    git("init", "--quiet");
    git("remote", "add", "origin", `https://${source}.git`);
    for (const commit of new Set(missing.map((each) => each.commit))) {
      git("fetch", "--quiet", "--depth", "1", "--filter=blob:none", "origin", commit);
    }
    for (const document of missing) {
      const bytes = git("show", `${document.commit}:${document.path}`);
      if (createHash("sha256").update(bytes).digest("hex") !== document.sha256) {
        throw new Error(`${source}/${document.path} is not what was labelled.`);
      }
      writeFileSync(fileOf(folder!, document), bytes);
    }
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

const bySource = new Map<string, RealDocument[]>();
for (const each of readRealLabels()) {
  bySource.set(each.source, [...(bySource.get(each.source) ?? []), each]);
}
for (const [source, documents] of bySource) {
  fetchAll(source, documents);
  console.log(`${documents.length} documents of ${source}`);
}

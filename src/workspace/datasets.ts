import { createHash } from "node:crypto";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { decodePolicy, maxPolicyBytes } from "../policy/decode.ts";
import { InputError, messageOf } from "../policy/errors.ts";
import {
  type Dataset,
  type DatasetManifest,
  type DatasetPart,
  partSchemas,
  type PartRows,
} from "../synthesis/dataset.ts";
import { parseRows, refusedFile, serializeDataset } from "../synthesis/jsonl.ts";
import { slug } from "../training/create-run.ts";
import { readManifest } from "../training/dataset-folder.ts";
import { isMissing, publishFolder, writeFiles, writeWhole } from "../training/files.ts";
import type { IngrainFolder } from "./folder.ts";

export interface DatasetSummary {
  /** The dataset folder. */
  folder: string;
  name: string;
  /** Absent when the folder cannot be read as a dataset. */
  manifest?: DatasetManifest;
  /** When it was made, ISO. */
  createdAt: string;
  /**
   * What became of the policy since: its text as it was, another text, or no file any more. A
   * policy outside the root counts as missing: it is not looked at.
   */
  policy: "same" | "changed" | "missing";
  /** Why the folder cannot be read: one line. */
  problem?: string;
}

/** All datasets, newest first; a broken folder is listed with its problem. */
export async function listDatasets({ root, datasets }: IngrainFolder): Promise<DatasetSummary[]> {
  const names = await foldersIn(datasets);
  const found = await Promise.all(names.map((name) => summarize(root, join(datasets, name), name)));
  return found.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

async function summarize(root: string, folder: string, name: string): Promise<DatasetSummary> {
  const createdAt = await timeOf(folder);
  try {
    const manifest = await readManifest(folder);
    return { folder, name, manifest, createdAt, policy: await policyState(root, manifest) };
  } catch (error) {
    return { folder, name, createdAt, policy: "missing", problem: messageOf(error) };
  }
}

/** Reviews come into the folder later: the manifest is as old as the dataset. */
async function timeOf(folder: string): Promise<string> {
  const manifest = await stat(join(folder, "dataset.json")).catch(() => stat(folder));
  return manifest.mtime.toISOString();
}

async function policyState(
  root: string,
  { policy }: DatasetManifest,
): Promise<DatasetSummary["policy"]> {
  try {
    const path = await policyFileInside(root, policy.path);
    if (path === undefined) return "missing";
    const text = decodePolicy(await readFile(path), policy.path);
    const sha256 = createHash("sha256").update(text).digest("hex");
    return sha256 === policy.sha256 ? "same" : "changed";
  } catch (error) {
    if (isMissing(error)) return "missing";
    return "changed";
  }
}

/**
 * The file that a manifest names. The manifest may come from anyone, with a folder that nobody
 * trusts yet, so that only a regular file inside the root, of a policy's size, is ever opened.
 */
export async function policyFileInside(root: string, path: string): Promise<string | undefined> {
  if (isAbsolute(path)) return undefined;
  const real = await realpath(join(root, path));
  if (isOutside(relative(await realpath(root), real))) return undefined;
  const entry = await stat(real);
  return entry.isFile() && entry.size <= maxPolicyBytes ? real : undefined;
}

/** Whether a relative path leaves the folder that it starts in. */
function isOutside(path: string): boolean {
  return path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path);
}

/** The newest dataset of a policy that can be read; `path` as `policyPath` writes it down. */
export async function newestDataset(
  folder: IngrainFolder,
  path: string,
): Promise<{ folder: string; manifest: DatasetManifest } | undefined> {
  for (const { folder: found, manifest } of await listDatasets(folder)) {
    if (manifest?.policy.path === path) return { folder: found, manifest };
  }
  return undefined;
}

/** How a policy's path is written down: relative to the root when it lies in it. */
export function policyPath(root: string, path: string): string {
  const inside = relative(root, resolve(path));
  return isOutside(inside) ? resolve(path) : inside.split(sep).join("/");
}

/**
 * Writes a dataset folder under `.ingrain/datasets`, or as `target`. The same rows go to the same
 * folder and are not written again, so that their reviews stay; the manifest and the refused rows
 * are, when they differ: a policy may be edited in a way that no row shows.
 * @param carry adds what else belongs into the folder, before it is there to be seen.
 * @returns its path.
 * @throws InputError when `target` exists and is another dataset or no dataset.
 */
export async function saveDataset(
  { datasets }: IngrainFolder,
  dataset: Dataset,
  target?: string,
  carry: (folder: string) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const { manifest } = dataset;
  const folder =
    target === undefined
      ? join(datasets, `${slug(manifest.policy.title)}-${manifest.sha256.slice(0, 10)}`)
      : resolve(target);
  const files = serializeDataset(dataset);
  const fill = async (draft: string) => {
    await writeFiles(draft, files);
    await carry(draft);
  };
  if (await publishFolder(folder, fill)) return folder;
  const there = await readManifest(folder).catch(() => undefined);
  if (there?.sha256 !== manifest.sha256) {
    throw new InputError(`the folder holds something else already: ${folder}`);
  }
  await carry(folder);
  const refused = files[refusedFile];
  if (refused !== undefined) await writeWhole(join(folder, refusedFile), refused);
  // Written also where it is the same: the dataset is the policy's newest again.
  await writeWhole(join(folder, "dataset.json"), files["dataset.json"]);
  return folder;
}

/**
 * The rows of one part of a dataset. A part has a few thousand rows at most, so it is read whole;
 * callers cut their page out.
 * @throws InputError that names file and line.
 */
export async function readPart<Part extends DatasetPart>(
  folder: string,
  part: Part,
): Promise<PartRows[Part][]> {
  const path = join(folder, `${part}.jsonl`);
  try {
    const rows: unknown[] = parseRows(partSchemas[part], await readFile(path, "utf8"), path);
    return rows as PartRows[Part][];
  } catch (error) {
    if (isMissing(error)) throw new InputError(`a file of the dataset is missing: ${path}`);
    throw error;
  }
}

/** Names of the folders in a folder, drafts and locks left out; none when it is not there. */
export async function foldersIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

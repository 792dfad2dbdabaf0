import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { z } from "zod";
import { InputError } from "../policy/errors.ts";
import { withPath } from "./file-errors.ts";

/** Writes a file so that a reader sees all of it or none of it, even when the disk fills up. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(partial, content, { flag: "wx" });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw withPath(error, path);
  }
}

/** Makes an empty folder in `parent`, which appears too, for what is renamed once it is whole. */
export async function draftFolder(parent: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true });
    return await mkdtemp(join(parent, ".new-"));
  } catch (error) {
    throw withPath(error, parent);
  }
}

/**
 * Makes a folder that appears with all its files or not at all.
 * @param write fills the draft that becomes the folder.
 * @returns false when something has its name already; nothing has changed then.
 * @throws what `write` throws, and the system's error with the folder's path.
 */
export async function publishFolder(
  folder: string,
  write: (draft: string) => Promise<void>,
): Promise<boolean> {
  const draft = await draftFolder(dirname(folder));
  try {
    await write(draft);
    await rename(draft, folder);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const taken = ["ENOTEMPTY", "EEXIST", "EPERM", "ENOTDIR"].some((code) => hasCode(error, code));
    if (!taken) throw withPath(error, folder);
    return false;
  }
}

/** Writes files into a folder, each by its name. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
}

/** Reads a file that must be there. @throws InputError that says what is missing and where. */
export async function readRequired(path: string, what: string): Promise<string> {
  return (await readRequiredBytes(path, what)).toString("utf8");
}

/** @throws InputError that says what is missing and where. */
export async function readRequiredBytes(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) throw new InputError(`${what} is missing: ${path}`);
    throw error;
  }
}

/** @throws InputError that names the file when it is missing, is not JSON or breaks the schema. */
export async function readJson<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  what: string,
): Promise<z.output<Schema>> {
  const text = await readRequired(path, what);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${what} is not JSON: ${path}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join(".");
  throw new InputError(
    `${what} is not valid: ${path}${field === "" ? "" : `, ${field}`}: ${issue.message}`,
  );
}

/** The same, or undefined when the file is not there. @throws InputError, as above. */
export async function readJsonIfThere<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  what: string,
): Promise<z.output<Schema> | undefined> {
  try {
    await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return readJson(schema, path, what);
}

/** Whether the error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR");
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
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

/** Whether the error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR");
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

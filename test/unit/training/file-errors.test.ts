import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { describeFileError, withPath } from "../../../src/training/file-errors.ts";

const failure = (code: string, rest: object) =>
  Object.assign(new Error(`${code}: as the system says it`), { code, ...rest });

test.each<[object, string]>([
  [
    failure("ENOSPC", { syscall: "mkdir", path: "/w/a" }),
    "The disk is full: /w/a could not be written. Nothing was lost.",
  ],
  [
    failure("EDQUOT", { syscall: "write" }),
    "The disk is full: a file could not be written. Nothing was lost.",
  ],
  [
    failure("ENOSPC", { syscall: "copyfile", path: "/w/a", dest: "/w/b" }),
    "The disk is full: /w/b could not be written. Nothing was lost.",
  ],
  [
    failure("EROFS", { syscall: "open", path: "/w/a" }),
    "The disk is read-only: /w/a could not be written. Nothing was lost.",
  ],
  [
    failure("EACCES", { syscall: "mkdir", path: "/w/a" }),
    "Permission is denied: /w/a could not be written. Nothing was lost.",
  ],
  [
    failure("EACCES", { syscall: "scandir", path: "/w/a" }),
    "Permission is denied: /w/a could not be read.",
  ],
  [
    failure("EPERM", { syscall: "open", path: "/w/a" }),
    "Permission is denied: /w/a could not be opened.",
  ],
  [
    failure("EACCES", { syscall: "spawn /bin/node", path: "/bin/node" }),
    "Permission is denied: /bin/node could not be run.",
  ],
])("one line says what and where: %s", (error, line) => {
  expect(describeFileError(error)).toBe(line);
});

test.each([
  new Error("ENOSPC"),
  failure("ENOENT", { path: "/w/a" }),
  failure("EPERM", { syscall: "kill" }),
  undefined,
  "EACCES",
])("other errors are left to others: %s", (error) => {
  expect(describeFileError(error)).toBeUndefined();
});

test("an error names the file and not its draft; what is no file error stays as it is", () => {
  const error = failure("ENOSPC", { syscall: "rename", path: "/w/.new-1", dest: "/w/.new-2" });
  expect(describeFileError(withPath(error, "/w/a"))).toContain(": /w/a could");
  const other = new Error("no");
  expect(withPath(other, "/w/a")).toBe(other);
  expect(other).not.toHaveProperty("path");
});

test.runIf(existsSync("/dev/full"))("the system's own error of a full disk is known", async () => {
  const error: unknown = await writeFile("/dev/full", "x").catch((e: unknown) => e);
  expect(describeFileError(error)).toMatch(/^The disk is full: /);
});

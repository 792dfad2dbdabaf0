/** What Node tells of a failed call to the file system. */
interface FileError extends Error {
  code: string;
  syscall?: string;
  path?: string;
  /** Of a call with two paths, the one that is written. */
  dest?: string | undefined;
}

function isFileError(error: unknown): error is FileError {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

const deed: Readonly<Record<string, string>> = {
  scandir: "read",
  read: "read",
  stat: "read",
  lstat: "read",
  realpath: "read",
  access: "read",
  // Node does not tell what for.
  open: "opened",
};

/**
 * What a disk that is full or that refuses means to the user, in one line that says what and where.
 * @returns undefined for any other error.
 */
export function describeFileError(error: unknown): string | undefined {
  if (!isFileError(error)) return undefined;
  const { code, syscall = "", path, dest } = error;
  const file = dest ?? path;
  const unwritten = `${file ?? "a file"} could not be written. Nothing was lost.`;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `The disk is full: ${unwritten}`;
    case "EROFS":
      return `The disk is read-only: ${unwritten}`;
    case "EACCES":
    case "EPERM": {
      if (file === undefined) return undefined;
      const done = syscall.startsWith("spawn") ? "run" : deed[syscall];
      return `Permission is denied: ${done ? `${file} could not be ${done}.` : unwritten}`;
    }
    default:
      return undefined;
  }
}

/**
 * The same error, which names `path`: the system's own names a draft of it, and none at all when a
 * disk becomes full in the middle of a file.
 */
export function withPath(error: unknown, path: string): unknown {
  return isFileError(error) ? Object.assign(error, { path, dest: undefined }) : error;
}

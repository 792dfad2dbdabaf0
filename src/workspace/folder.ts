import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Where Ingrain keeps what it makes: `.ingrain` in the folder that the user works in. */
export interface IngrainFolder {
  /** The folder that holds `.ingrain`; paths of policies are relative to it. */
  root: string;
  datasets: string;
  runs: string;
  /** What can be made or bought again. */
  cache: string;
}

/** The `.ingrain` folder of a root; nothing is made on disk. */
export function ingrainFolder(root: string): IngrainFolder {
  const base = join(resolve(root), ".ingrain");
  return {
    root: resolve(root),
    datasets: join(base, "datasets"),
    runs: join(base, "runs"),
    cache: join(base, "cache"),
  };
}

/** The nearest folder at or above `start` that has an `.ingrain`; `start` itself when none has. */
export function findRoot(start: string): string {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".ingrain"))) return folder;
    if (folder === dirname(folder)) return resolve(start);
  }
}

import picomatch from "picomatch";

/**
 * Whether one of the `ingrain.policies` globs names the file. `path` is relative to its workspace
 * folder, with forward slashes.
 */
export function matchesPolicyGlobs(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => glob.trim() !== "" && picomatch.isMatch(path, glob, { dot: true }));
}

/** A cheap first look, so that plain Markdown never loads the YAML reader. */
export function mayBeMarked(text: string): boolean {
  return /^\uFEFF?---/.test(text) && text.includes("ingrain");
}

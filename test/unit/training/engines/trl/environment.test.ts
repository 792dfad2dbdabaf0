import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  setUpEnvironment,
  torchIndex,
} from "../../../../../src/training/engines/trl/environment.ts";
import { interpreterOf } from "../../../../../src/training/trainers.ts";
import { temporaryFolder } from "../../fixture.ts";

test.each([
  ["linux", undefined, "/cpu"],
  ["linux", [12, 4], "/cpu"],
  ["linux", [12, 7], "/cu126"],
  ["linux", [12, 8], "/cu128"],
  ["linux", [13, 2], "/cu130"],
  ["win32", [12, 9], "/cu128"],
] as const)("torch for %s with CUDA %j comes from …%s", (platform, cuda, end) => {
  expect(torchIndex(platform, cuda)).toMatch(new RegExp(`${end}$`));
});

test("the usual index has the right torch for a Mac, and for Windows without a GPU", () => {
  expect(torchIndex("darwin", undefined)).toBeUndefined();
  expect(torchIndex("win32", undefined)).toBeUndefined();
});

/** A stand-in for Python that notes how it is called; `venv` makes a copy of itself. */
function standIn(folder: string, body = ""): string {
  const path = join(folder, "python");
  writeFileSync(
    path,
    `#!/bin/sh
echo "$@" >> ${folder}/calls
${body}
if [ "$2" = venv ]; then mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; fi
`,
  );
  chmodSync(path, 0o755);
  return path;
}

describe.skipIf(process.platform === "win32")("the set-up", () => {
  function prepare(body?: string) {
    const folder = temporaryFolder();
    const requirements = join(folder, "requirements.txt");
    writeFileSync(requirements, "trl\n");
    // Without uv, which would fetch a Python of its own.
    const path = process.env["PATH"];
    process.env["PATH"] = "/usr/bin:/bin";
    onTestFinished(() => void (process.env["PATH"] = path));
    const lines: string[] = [];
    const stop = new AbortController();
    const options = {
      folder: join(folder, "env"),
      requirements,
      python: standIn(folder, body),
      signal: stop.signal,
      report: (line: string) => void lines.push(line),
    };
    const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    return { options, calls, lines, stop };
  }

  test("makes the environment, installs, and is done at once the next time", async () => {
    const { options, calls, lines } = prepare();
    expect(await setUpEnvironment(options)).toBe(interpreterOf(options.folder));
    expect(calls()[0]).toContain("-m venv");
    expect(calls()[1]).toContain(`--requirement ${options.requirements}`);
    await setUpEnvironment(options);
    expect(calls()).toHaveLength(2);
    expect(lines.at(-1)).toContain("complete already");
  });

  test("is done again when the requirements change", async () => {
    const { options, calls } = prepare();
    await setUpEnvironment(options);
    writeFileSync(options.requirements, "trl==2\n");
    await setUpEnvironment(options);
    expect(calls()).toHaveLength(4);
  });

  test("says why a step failed, and is not taken for complete", async () => {
    const { options } = prepare(
      'if [ "$2" = pip ]; then echo "ERROR: no such package" >&2; exit 1; fi',
    );
    await expect(setUpEnvironment(options)).rejects.toThrow("ERROR: no such package");
    expect(existsSync(join(options.folder, "ingrain.sha256"))).toBe(false);
  });

  test("ends with all that it started when it is cancelled", async () => {
    const { options, stop } = prepare('if [ "$2" = pip ]; then sleep 60; fi');
    const started = Date.now();
    setTimeout(() => stop.abort(new Error("enough")), 300);
    await expect(setUpEnvironment(options)).rejects.toThrow("enough");
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test("names a Python that is not there", async () => {
    const { options } = prepare();
    const python = join(options.folder, "nowhere");
    await expect(setUpEnvironment({ ...options, python })).rejects.toThrow("no Python interpreter");
  });
});

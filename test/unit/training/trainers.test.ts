import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  environmentFolder,
  interpreterOf,
  invocation,
  requirePython,
  trlFiles,
} from "../../../src/training/trainers.ts";
import { temporaryFolder } from "./fixture.ts";

function program(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o755);
  return path;
}

test.skipIf(process.platform === "win32")(
  "the interpreter is the named one, else that of the set-up, else the usual one",
  async () => {
    const root = temporaryFolder();
    vi.stubEnv("XDG_DATA_HOME", join(root, "data"));
    vi.stubEnv("HOME", root);
    vi.stubEnv("PATH", `relative:${join(root, "bin")}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(requirePython()).rejects.toThrow("there is no Python interpreter named python3");
    const usual = program(join(root, "bin", "python3"));
    expect(await requirePython()).toBe(usual);
    const own = program(interpreterOf(environmentFolder()));
    expect(await requirePython()).toBe(own);
    expect(await requirePython("python3")).toBe(usual);
    expect(await requirePython(usual)).toBe(usual);
    await expect(requirePython(join(root, "nowhere"))).rejects.toThrow(`at ${root}`);
  },
);

test.skipIf(process.platform === "win32")(
  "each engine has its program, and a missing one is named",
  async () => {
    const root = temporaryFolder();
    const trainer = join(root, "dist", "trainer.js");
    await expect(
      invocation({ engine: "onnx", target: "local" }, "/run", { trainer }),
    ).rejects.toThrow(`${trainer} is missing`);
    program(trainer);
    const onnx = await invocation({ engine: "onnx", target: "local" }, "/run", { trainer });
    expect(onnx).toMatchObject({ program: process.execPath, args: [trainer, "/run"] });
    const { script } = trlFiles({ trainer });
    const python = program(join(root, "python"));
    const trl = () => invocation({ engine: "trl", target: "local" }, "/run", { trainer, python });
    await expect(trl()).rejects.toThrow(`${script} is missing`);
    program(script);
    expect(await trl()).toMatchObject({ program: python, args: [script, "/run"] });
  },
);

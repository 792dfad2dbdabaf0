import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { InputError } from "../../../policy/errors.ts";
import { isMissing } from "../../files.ts";
import { defaultPython, findProgram, interpreterOf } from "../../trainers.ts";

export interface SetUp {
  /** Where the virtual environment lies or is made. */
  folder: string;
  /** The engine's requirements.txt. */
  requirements: string;
  /** Makes the environment where `uv` is not there to bring a Python of its own. */
  python?: string | undefined;
  /** Ends the work; what is half done is done again the next time. */
  signal: AbortSignal;
  /** What goes on, a line at a time. */
  report: (line: string) => void;
}

/** Says for which requirements an environment was made to its end. */
const stampOf = (folder: string) => join(folder, "ingrain.sha256");

/**
 * Makes the virtual environment of the trl engine, with `uv` when it is installed, else with `venv`
 * and `pip`; does nothing where one is complete already.
 * @returns its interpreter.
 * @throws InputError when no Python is there or a step fails; the signal's reason when ended.
 */
export async function setUpEnvironment(options: SetUp): Promise<string> {
  const { folder, requirements, signal, report } = options;
  const interpreter = interpreterOf(folder);
  const wanted = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex");
  if ((await readStamp(folder)) === wanted && (await exists(interpreter))) {
    report("The environment is complete already");
    return interpreter;
  }
  await mkdir(dirname(folder), { recursive: true });
  await rm(stampOf(folder), { force: true });
  const uv = await findProgram("uv");
  const run = (program: string, args: string[]) => runStep(program, args, { signal, report });
  if (uv !== undefined) {
    report("Making the environment with uv");
    await run(uv, ["venv", "--allow-existing", "--python", ">=3.10", folder]);
    report("Installing the packages with uv");
    // uv itself picks the build of torch that fits the GPU's driver.
    const target = ["--python", interpreter, "--torch-backend", "auto"];
    await run(uv, ["pip", "install", ...target, "--requirement", requirements]);
  } else {
    const wantedPython = options.python ?? defaultPython;
    const python = await findProgram(wantedPython);
    if (python === undefined) {
      throw new InputError(
        `there is no Python interpreter named ${wantedPython}`,
        "Install Python 3.10 or newer, or uv, which brings one.",
      );
    }
    report("Making the environment with venv");
    await run(python, ["-m", "venv", "--clear", folder]);
    const index = torchIndex(process.platform, await cudaVersion());
    report(`Installing the packages${index === undefined ? "" : ` (torch from ${index})`}`);
    const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"];
    const extra = index === undefined ? [] : ["--extra-index-url", index];
    await run(interpreter, [...pip, ...extra, "--requirement", requirements]);
  }
  await writeFile(stampOf(folder), wanted);
  report("The environment is complete");
  return interpreter;
}

/** CUDA versions that torch is built for, newest first. */
const cudaBuilds = [
  [13, 0],
  [12, 8],
  [12, 6],
] as const;

/**
 * Where the build of torch lies that fits: the newest CUDA that the driver can run, or none on a
 * Linux without a GPU, where the usual build would bring gigabytes of CUDA for nothing. Elsewhere
 * the usual index has the right one.
 */
export function torchIndex(
  platform: NodeJS.Platform,
  cuda: readonly [major: number, minor: number] | undefined,
): string | undefined {
  const root = "https://download.pytorch.org/whl";
  if (platform === "darwin") return undefined;
  if (!cuda) return platform === "linux" ? `${root}/cpu` : undefined;
  const [major, minor] = cuda;
  const build = cudaBuilds.find(([a, b]) => major > a || (major === a && minor >= b));
  return build ? `${root}/cu${build[0]}${build[1]}` : `${root}/cpu`;
}

/** The newest CUDA that the NVIDIA driver can run; undefined without a driver. */
async function cudaVersion(): Promise<readonly [number, number] | undefined> {
  const { stdout } = await promisify(execFile)("nvidia-smi", [], { timeout: 20_000 }).catch(() => ({
    stdout: "",
  }));
  const [, major, minor] = /CUDA Version: (\d+)\.(\d+)/.exec(stdout) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

/** Runs a program without a shell and reports what it says. */
async function runStep(
  program: string,
  args: string[],
  { signal, report }: Pick<SetUp, "signal" | "report">,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const abort = () => end(child);
  signal.addEventListener("abort", abort);
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      said.push(line);
      report(line);
    });
  }
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    signal.throwIfAborted();
    if (code === 0) return;
    const why = said.findLast((line) => /error/i.test(line)) ?? said.at(-1) ?? "it said nothing";
    throw new InputError(
      `${[program, ...args].slice(0, 3).join(" ")} failed: ${why.trim()}`,
      "The log has all of it; the set-up can be repeated.",
    );
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** pip starts programs of its own: all of them go. */
function end({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}

async function readStamp(folder: string): Promise<string | undefined> {
  return readFile(stampOf(folder), "utf8").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { InputError } from "../policy/errors.ts";
import type { Engine, Target } from "./spec.ts";

/** The programs that train: the extension and the command line know where they lie. */
export interface Trainers {
  /** The bundled `trainer.js` of the embedded engine; the trl engine lies beside it. */
  trainer: string;
  /** The Python interpreter of the trl engine, as a path or a name. */
  python?: string;
}

/** The files of the trl engine, beside the bundled `trainer.js`. */
export function trlFiles({ trainer }: Pick<Trainers, "trainer">) {
  const folder = join(dirname(trainer), "trl");
  return {
    folder,
    script: join(folder, "main.py"),
    requirements: join(folder, "requirements.txt"),
    /** What retention is measured on. */
    neutralText: join(folder, "retention.txt"),
    /** What a Ray cluster is given beside: its package, and the list of what its Python needs. */
    ray: join(dirname(trainer), "ray"),
  };
}

/** The program that follows a run on a Ray cluster. */
const followerOf = ({ trainer }: Pick<Trainers, "trainer">) =>
  join(dirname(trainer), "ray-follower.js");

/** How a trainer is started, without a shell. */
export interface Invocation {
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

/** What trains a run, and where. */
export interface Work {
  engine: Engine;
  target: Target;
}

/**
 * The call that trains in a run folder, or follows what trains elsewhere.
 * @throws InputError when the Python interpreter is not there.
 * @throws Error when the trainer is not built.
 */
export async function invocation(
  { engine, target }: Work,
  folder: string,
  trainers: Trainers,
): Promise<Invocation> {
  if (target === "ray") return callNode(followerOf(trainers), [folder]);
  return engine === "onnx"
    ? callNode(trainers.trainer, [folder])
    : callPython(trlFiles(trainers).script, [folder], trainers.python);
}

/** @throws Error when the script is not built. */
export async function callNode(script: string, args: readonly string[]): Promise<Invocation> {
  await requireBuilt(script);
  // Inside the desktop VS Code the executable is Electron.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
  return { program: process.execPath, args: [script, ...args], env };
}

/**
 * @throws InputError when the Python interpreter is not there.
 * @throws Error when the script is not built.
 */
export async function callPython(
  script: string,
  args: readonly string[],
  python?: string,
): Promise<Invocation> {
  await requireBuilt(script);
  const program = await requirePython(python);
  const env = { ...process.env, PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" };
  return { program, args: [script, ...args], env };
}

async function requireBuilt(path: string): Promise<void> {
  await access(path).catch(() => {
    throw new Error(`it is not built: ${path} is missing`);
  });
}

/** Where *Set Up Training Environment* makes its virtual environment, for editor and terminal alike. */
export function environmentFolder(env: NodeJS.ProcessEnv = process.env): string {
  const home = homedir();
  const data =
    process.platform === "win32"
      ? (env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"))
      : process.platform === "darwin"
        ? join(home, "Library", "Application Support")
        : (env["XDG_DATA_HOME"] ?? join(home, ".local", "share"));
  return join(data, "ingrain", "python");
}

/** The interpreter of a virtual environment. */
export function interpreterOf(folder: string): string {
  return process.platform === "win32"
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python");
}

export const defaultPython = process.platform === "win32" ? "python" : "python3";

/**
 * The interpreter of the trl engine: the one that is named, else that of the environment that was set
 * up, else the usual one. Nothing of a run folder has a say in it: such a folder may come from anyone.
 * @throws InputError when there is none.
 */
export async function requirePython(python?: string): Promise<string> {
  const own = interpreterOf(environmentFolder());
  const wanted = python ?? ((await isProgram(own)) ? own : defaultPython);
  const found = await findProgram(wanted);
  if (found !== undefined) return found;
  throw new InputError(
    `there is no Python interpreter ${isPath(wanted) ? `at ${wanted}` : `named ${wanted}`}`,
    "Set Up Training Environment makes one, or name another.",
  );
}

/** The path of a program that is named by path or found in PATH; undefined when there is none. */
export async function findProgram(name: string): Promise<string | undefined> {
  const places = isPath(name)
    ? [resolve(name)]
    : (process.env["PATH"] ?? "")
        .split(delimiter)
        .filter(isAbsolute)
        .flatMap((folder) =>
          process.platform === "win32"
            ? [join(folder, `${name}.exe`), join(folder, name)]
            : [join(folder, name)],
        );
  for (const path of places) if (await isProgram(path)) return path;
  return undefined;
}

const isPath = (name: string) => isAbsolute(name) || name.includes("/") || name.includes("\\");

const isProgram = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

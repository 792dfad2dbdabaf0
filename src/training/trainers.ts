import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { InputError } from "../policy/errors.ts";
import type { Engine } from "./spec.ts";

/** The programs that train: the extension and the command line know where they lie. */
export interface Trainers {
  /** The bundled `trainer.js` of the embedded engine; the trl engine lies beside it. */
  trainer: string;
  /** The Python interpreter of the trl engine, as a path or a name; `python3` unless told. */
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
  };
}

/** How a trainer is started, without a shell. */
export interface Invocation {
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

/**
 * The call that trains in a run folder.
 * @throws InputError when the Python interpreter is not there.
 * @throws Error when the trainer is not built.
 */
export async function invocation(
  engine: Engine,
  folder: string,
  trainers: Trainers,
): Promise<Invocation> {
  if (engine === "onnx") {
    await requireBuilt(trainers.trainer);
    // Inside the desktop VS Code the executable is Electron.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
    return { program: process.execPath, args: [trainers.trainer, folder], env };
  }
  const { script } = trlFiles(trainers);
  await requireBuilt(script);
  const program = await findPython(trainers.python);
  const env = { ...process.env, PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" };
  return { program, args: [script, folder], env };
}

async function requireBuilt(path: string): Promise<void> {
  await access(path).catch(() => {
    throw new Error(`the trainer is not built: ${path} is missing`);
  });
}

export const defaultPython = process.platform === "win32" ? "python" : "python3";

/**
 * The path of an interpreter that is named by path or found in PATH. Nothing of a run folder has a
 * say in it: such a folder may come from anyone.
 * @throws InputError when there is none.
 */
export async function findPython(python = defaultPython): Promise<string> {
  const named = isAbsolute(python) || python.includes("/") || python.includes("\\");
  const places = named
    ? [resolve(python)]
    : (process.env["PATH"] ?? "")
        .split(delimiter)
        .filter(isAbsolute)
        .flatMap((folder) =>
          process.platform === "win32"
            ? [join(folder, `${python}.exe`), join(folder, python)]
            : [join(folder, python)],
        );
  for (const path of places) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  throw new InputError(
    `there is no Python interpreter ${named ? `at ${python}` : `named ${python}`}`,
    "Set Up Training Environment makes one, or name another.",
  );
}

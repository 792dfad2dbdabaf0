// What the scripts share: starting programs without a shell, and installing the packages.
// Only Node's own modules, since these scripts run before anything is installed.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A program ended with another code than 0. */
export class ExitError extends Error {
  name = "ExitError";
  constructor(program, code) {
    super(`${program} failed (exit code ${code})`);
    this.code = code;
  }
}

/** Runs a program to its end with our terminal; rejects with ExitError when it fails. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: "inherit",
      ...options,
      env: { ...process.env, ...options.env },
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const name = options.title ?? [program, ...args].join(" ");
      if (code === 0) resolve();
      else reject(new ExitError(name, code ?? signal));
    });
  });
}

/** npm without a shell: on Windows `npm` is a .cmd file, which Node refuses to start without one. */
export function npm(args, options = {}) {
  const cli = npmCli();
  const title = `npm ${args.join(" ")}`;
  // Its Linux postinstall would fetch a CUDA provider of some hundred megabytes that nothing uses.
  const env = { ONNXRUNTIME_NODE_INSTALL: "skip", ...options.env };
  return cli
    ? run(process.execPath, [cli, ...args], { title, ...options, env })
    : run("npm", args, { title, ...options, env });
}

function npmCli() {
  const binaries = dirname(process.execPath);
  return [
    process.env.npm_execpath,
    join(binaries, "node_modules", "npm", "bin", "npm-cli.js"),
    join(binaries, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
  ].find((path) => path?.endsWith("npm-cli.js") && existsSync(path));
}

/** Runs the program that an installed package brings, for instance `tool("vitest", ["run"])`. */
export function tool(name, args, options = {}) {
  const folder = join(root, "node_modules", ...(tools[name]?.split("/") ?? [name]));
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const script = join(folder, typeof bin === "string" ? bin : bin[name]);
  return run(process.execPath, [script, ...args], { title: name, ...options });
}

/** Programs whose package has another name. */
const tools = { vsce: "@vscode/vsce", tsc: "typescript" };

/** Installs the packages unless node_modules already holds what package-lock.json asks for. */
export async function install() {
  const state = installed();
  if (state === "complete") return;
  console.error("Installing packages");
  await npm([state === "missing" ? "ci" : "install", "--no-fund", "--no-audit"]);
}

function installed() {
  const lock = packages("package-lock.json");
  const present = packages(join("node_modules", ".package-lock.json"));
  if (!present) return "missing";
  const complete = Object.entries(lock).every(
    ([path, wanted]) => path === "" || wanted.optional || present[path]?.version === wanted.version,
  );
  return complete ? "complete" : "stale";
}

function packages(path) {
  const file = join(root, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : undefined;
}

/** Runs a script's main function; a program that failed has already said why. */
export async function main(body) {
  try {
    await body(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof ExitError ? error.message : error);
    process.exitCode = Number.isInteger(error.code) ? error.code : 1;
  }
}

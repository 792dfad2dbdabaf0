// The Python suite in a virtual environment of its own: `npm run test:python [-- pytest arguments]`.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ExitError, install, main, npm, root, run } from "./process.mjs";

const home = join(root, ".cache", "venv");
const python =
  process.platform === "win32" ? join(home, "Scripts", "python.exe") : join(home, "bin", "python");
/** The engine's own, and what the suite needs beside them in the versions that it is checked with. */
const requirements = [
  join(root, "src", "training", "engines", "trl", "requirements.txt"),
  join(root, "test", "python", "requirements.txt"),
];

await main(async (argv) => {
  await install();
  await npm(["run", "--silent", "build"]);
  await environment();
  const ours = ["engines/trl", "targets/ray"].map((path) => join(root, "src", "training", path));
  const rules = join(root, ".config", "ruff.toml");
  const tests = ["python/trl", "python/cluster", "bench/trl"].map((path) =>
    join(root, "test", path),
  );
  const linted = [...ours, ...tests];
  await run(python, ["-m", "ruff", "check", "--config", rules, ...linted], { title: "ruff" });
  const types = join(root, ".config", "mypy.ini");
  await run(python, ["-m", "mypy", "--config-file", types, ...ours], { title: "mypy" });
  // A cluster of Ray takes minutes to come up where two cores do everything: it is asked for by name.
  const marked = argv.includes("-m") ? argv : ["-m", "not ray", ...argv];
  if (marked !== argv)
    console.error("Left out: a real Ray cluster (npm run test:python -- -m ray)");
  await run(python, ["-m", "pytest", join(root, "test", "python"), ...marked], { title: "pytest" });
});

/** Makes the environment anew when the requirements have changed since it was made. */
async function environment() {
  const hash = createHash("sha256");
  for (const path of requirements) hash.update(readFileSync(path));
  const wanted = hash.digest("hex");
  const stamp = join(home, "requirements.sha256");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.error("Making the Python environment in .cache/venv");
  await rm(home, { recursive: true, force: true });
  await run(systemPython(), ["-m", "venv", home], { title: "python -m venv" }).catch((error) => {
    if (error instanceof ExitError) throw error;
    throw new Error("Python 3.10 or newer with venv is missing; INGRAIN_PYTHON may name it.");
  });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  const lists = requirements.flatMap((path) => ["--requirement", path]);
  await run(python, [...pip, ...lists], {
    title: "pip install",
    env: { PIP_RETRIES: "0" },
  });
  writeFileSync(stamp, wanted);
}

function systemPython() {
  return process.env.INGRAIN_PYTHON ?? (process.platform === "win32" ? "python" : "python3");
}

// The Python suite in a virtual environment of its own: `npm run test:python [-- pytest arguments]`.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ExitError, install, main, npm, root, run } from "./process.mjs";

const home = join(root, ".cache", "venv");
const python =
  process.platform === "win32" ? join(home, "Scripts", "python.exe") : join(home, "bin", "python");
const requirements = join(root, "test", "python", "requirements.txt");

await main(async (argv) => {
  await install();
  await npm(["run", "--silent", "build"]);
  await environment();
  await run(python, ["-m", "pytest", join(root, "test", "python"), ...argv], { title: "pytest" });
});

/** Makes the environment anew when the requirements have changed since it was made. */
async function environment() {
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const stamp = join(home, "requirements.sha256");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.error("Making the Python environment in .cache/venv");
  await rm(home, { recursive: true, force: true });
  await run(systemPython(), ["-m", "venv", home], { title: "python -m venv" }).catch((error) => {
    if (error instanceof ExitError) throw error;
    throw new Error("Python 3.10 or newer with venv is missing; INGRAIN_PYTHON may name it.");
  });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await run(python, [...pip, "--requirement", requirements], {
    title: "pip install",
    env: { PIP_RETRIES: "0" },
  });
  writeFileSync(stamp, wanted);
}

function systemPython() {
  return process.env.INGRAIN_PYTHON ?? (process.platform === "win32" ? "python" : "python3");
}

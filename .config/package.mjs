// Packages the extension for one platform: `npm run package -- [target] [--out file]`.
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { install, main, root, tool } from "./process.mjs";

/** Where onnxruntime-node keeps the binaries of a VS Code target; it has none for darwin-x64. */
const binaries = {
  "linux-x64": "linux/x64",
  "linux-arm64": "linux/arm64",
  "darwin-arm64": "darwin/arm64",
  "win32-x64": "win32/x64",
  "win32-arm64": "win32/arm64",
};

await main(async (argv) => {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { out: { type: "string" } },
  });
  const target = positionals[0] ?? `${process.platform}-${process.arch}`;
  if (!(target in binaries)) {
    throw new Error(`Unknown target ${target}; one of ${Object.keys(binaries).join(", ")}`);
  }
  await install();
  const { name, version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const out = resolve(root, values.out ?? `${name}-${target}-${version}.vsix`);

  const folder = `node_modules/onnxruntime-node/bin/napi-v6/${binaries[target]}`;
  const allowed = await readFile(join(root, ".vscodeignore"), "utf8");
  const ignoreFile = join(root, ".cache", `vscodeignore-${target}`);
  await mkdir(dirname(ignoreFile), { recursive: true });
  await writeFile(ignoreFile, `${allowed}!${folder}/**\n`);
  try {
    await tool("vsce", [
      ...["package", "--target", target, "--out", out, "--ignoreFile", ignoreFile],
      "--allow-missing-repository",
      "--no-rewrite-relative-links",
    ]);
  } finally {
    await rm(ignoreFile, { force: true });
  }
  const { size } = await stat(out);
  console.log(`${out} ${(size / 2 ** 20).toFixed(1)} MiB`);
});

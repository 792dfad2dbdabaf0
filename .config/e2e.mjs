// The packaged extension in a real VS Code: `npm run test:e2e [-- --vsix FILE] [vitest arguments]`.
import { join, resolve } from "node:path";
import { install, main, root, run, tool } from "./process.mjs";

await main(async (argv) => {
  await install();
  let vsix = join(root, ".cache", "e2e.vsix");
  const given = argv.indexOf("--vsix");
  if (given >= 0) [, vsix] = argv.splice(given, 2);
  else {
    const args = [".config/package.mjs", "linux-x64", "--out", vsix];
    await run(process.execPath, args, { title: "package" });
  }
  // Installed here and not in the test, whose time limit is for the test.
  await tool("tsx", ["test/e2e/harness/prepare.ts"]);
  await tool("vitest", ["run", "-c", ".config/vitest.config.ts", "--project", "e2e", ...argv], {
    env: { INGRAIN_VSIX: resolve(vsix) },
  });
});

// VS Code in the browser with the packaged extension: installs, packages, and starts test/e2e/try.ts.
import { join } from "node:path";
import { install, main, root, run, tool } from "./process.mjs";

await main(async (argv) => {
  await install();
  const given = ["--vsix", "--dev", "--bare", "--help"].some((option) => argv.includes(option));
  const vsix = join(root, ".cache", "try.vsix");
  if (!given)
    await run(process.execPath, [".config/package.mjs", "--out", vsix], { title: "package" });
  await tool("tsx", ["test/e2e/try.ts", ...(given ? [] : ["--vsix", vsix]), ...argv]);
});

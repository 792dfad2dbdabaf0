// The whole way on one machine: install, build, and train the sample policy into a small model.
import { join } from "node:path";
import { install, main, npm, root, run } from "./process.mjs";

await main(async (argv) => {
  await install();
  console.error("Building");
  await npm(["run", "--silent", "build"]);
  const policy = argv[0] ?? join("media", "sample", "parcel-desk.md");
  console.error(`Internalizing ${policy}\n`);
  await run(
    process.execPath,
    [join(root, "dist", "cli.js"), "internalize", policy, ...argv.slice(1)],
    {
      title: "ingrain internalize",
    },
  );
});

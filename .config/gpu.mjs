// The embedded engine through WebGPU: `npm run test:gpu [-- --real] [vitest arguments]`.
// On Linux on the device in software that Chromium brings, or with --real on the machine's GPU.
import { existsSync } from "node:fs";
import { install, main, run, tool } from "./process.mjs";

/** Debian's packages, by the file that shows that one is there. */
const packages = {
  chromium: "/usr/lib/chromium/vk_swiftshader_icd.json",
  libvulkan1: "/usr/lib/x86_64-linux-gnu/libvulkan.so.1",
};

await main(async (argv) => {
  await install();
  const real = argv.indexOf("--real");
  if (real >= 0) argv.splice(real, 1);
  else await requireSoftwareDevice();
  const driver = packages.chromium;
  await tool("vitest", ["run", "-c", ".config/vitest.config.ts", "--project", "gpu", ...argv], {
    env: real >= 0 ? {} : { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver },
  });
});

async function requireSoftwareDevice() {
  const missing = Object.keys(packages).filter((name) => !existsSync(packages[name]));
  if (missing.length === 0) return;
  const command = ["install", "-y", "--no-install-recommends", ...missing];
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(
      `Missing: ${missing.join(", ")}. On Debian: apt-get ${command.join(" ")}. ` +
        "Elsewhere: npm run test:gpu -- --real, on a GPU.",
    );
  }
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-q"], { env });
  await run("apt-get", command, { env });
}

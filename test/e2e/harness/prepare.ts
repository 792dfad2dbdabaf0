// Installs what the end-to-end tests need; run by .config/e2e.mjs before the tests' clock starts.
import { installCodeServer } from "./install.ts";

installCodeServer().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

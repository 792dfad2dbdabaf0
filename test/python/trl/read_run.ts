/** Reads a run folder as the extension does: `tsx read_run.ts FOLDER`. Fails where a schema does. */
import { readReport, readState } from "../../../src/training/run-folder.ts";

async function main(folder: string): Promise<void> {
  const state = readState(folder);
  const report = await readReport(folder, state);
  console.log(
    JSON.stringify({
      status: state.status,
      warnings: state.warnings,
      stages: report?.stages,
      arms: Object.keys(report?.arms ?? {}),
      probes: report?.probes,
    }),
  );
}

void main(process.argv[2]!);

import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { counted } from "../protocol/words.ts";
import { type ExportFormat, exportFormats } from "../synthesis/export/export.ts";
import { exportDataset } from "../workspace/export-folder.ts";
import { datasetFolder, folderOf, type Io, printJson } from "./io.ts";

interface ExportOptions {
  format: ExportFormat;
  out: string;
  dir?: string;
  json?: true;
}

/** `export`: a dataset for another tool, without what reviewers rejected and with their edits. */
export function addExportCommand(program: Command, io: Io): void {
  program
    .command("export")
    .description("write a dataset for another tool, with a dataset card; reviews are honoured")
    .argument("<dataset>", "a dataset folder, or its name in .ingrain/datasets")
    .addOption(
      new Option("--format <name>", "for whom").choices(exportFormats).makeOptionMandatory(),
    )
    .requiredOption("--out <folder>", "where to; nothing may be there yet")
    .option("--dir <folder>", "the folder that holds .ingrain")
    .option("--json", "print folder and counts as JSON")
    .action(async (name: string, { format, out, dir, json }: ExportOptions) => {
      const source = datasetFolder(io, folderOf(io, dir), name);
      const exported = await exportDataset(source, format, resolve(io.cwd, out));
      if (json) return printJson(io, exported);
      const { cpt, sft, exam, effect, folder } = exported;
      io.out(
        `${counted(cpt, "row")} to pretrain on, ${counted(sft, "row")} to fine-tune on, ` +
          `${counted(exam, "exam question")}; ${effect.rejected} left out and ${effect.edited} edited by reviewers\n` +
          `${folder}\n`,
      );
    });
}

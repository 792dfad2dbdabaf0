/**
 * The process that follows a run on a Ray cluster: `node ray-follower.js RUN_FOLDER [--connect]`. It
 * submits the run's job and writes what the job tells into the run folder; with `--connect` it only
 * takes up a job that it finds. The run does not need it: it can go and come again.
 */
import { InputError, messageOf } from "../../../policy/errors.ts";
import { RunLock } from "../../lock.ts";
import { readSpec } from "../../run-folder.ts";
import { clusterOf } from "../../spec.ts";
import { rayAddress } from "./cluster.ts";
import { follow } from "./follower.ts";
import { JobsApi } from "./jobs-api.ts";
import { packageRun } from "./package.ts";

const log = (line: string) => process.stdout.write(`${line}\n`);

async function main(folder: string | undefined, mode: string | undefined): Promise<void> {
  if (folder === undefined) throw new InputError("usage: ray-follower.js RUN_FOLDER [--connect]");
  const spec = await readSpec(folder);
  const cluster = clusterOf(spec);
  const trainer = __filename;
  const followed = await follow({
    folder,
    run: spec.id,
    cluster,
    api: new JobsApi(rayAddress(cluster.address)),
    makePackage: mode === "--connect" ? undefined : () => packageRun(folder, { trainer }),
    log,
  });
  if (followed) await new RunLock(folder, spec.dataset.sha256).release();
}

main(process.argv[2], process.argv[3]).then(
  () => process.exit(0),
  (error: unknown) => {
    log(
      error instanceof InputError ? `${error.message}. ${error.hint ?? ""}`.trim() : String(error),
    );
    if (!(error instanceof InputError)) log(messageOf(error));
    process.exit(1);
  },
);

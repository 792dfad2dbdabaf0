import { randomBytes } from "node:crypto";
import { z } from "zod";
import { InputError } from "../../../policy/errors.ts";
import { assess, countTokens, Facts, type Finding, packages } from "../../engines/trl/preflight.ts";
import type { NewTrlRun } from "../../run-options.ts";
import type { Trainers } from "../../trainers.ts";
import type { RayTarget } from "./cluster.ts";
import { isOver, JobsApi } from "./jobs-api.ts";
import { LogReader } from "./log-lines.ts";
import { packageCheck } from "./package.ts";

/** Versions of Ray that the target is written for: Ray Train's second version, as it is since 2.51. */
const oldest = [2, 51] as const;
const wanted = "2.51 or newer of Ray 2";

/** What ingrain_ray/check.py tells. */
const Checked = z.object({
  type: z.literal("checked"),
  resources: z.object({ CPU: z.number(), GPU: z.number() }),
  storage: z.object({ problems: z.array(z.object({ host: z.string(), problem: z.string() })) }),
  machine: Facts.extend({ host: z.string() }),
});
type Checked = z.infer<typeof Checked>;

/**
 * Looks at what a run would find on a cluster: whether Ray answers and which, and by a short job there
 * whether its machines have room, share the storage and have what the engine needs.
 * @throws InputError when the job of the pre-flight cannot be run.
 */
export async function rayPreflight(
  run: NewTrlRun,
  target: RayTarget,
  trainers: Pick<Trainers, "trainer">,
): Promise<Finding[]> {
  const api = new JobsApi(target.address);
  const answer = await api.version().then(
    ({ ray_version }) => judgeVersion(target.address, ray_version),
    (error: unknown): Finding => {
      if (!(error instanceof InputError)) throw error;
      const text = `${capital(error.message)}. ${error.hint ?? ""}`.trim();
      return { level: "error", text, fix: "choose-cluster" };
    },
  );
  if (answer.level === "error") return [answer];
  const checked = await check(api, run, target, trainers);
  return [
    answer,
    judgeRoom(checked, target),
    ...judgeStorage(checked, target),
    // Python and packages are those of the cluster: nothing that is set up here mends them.
    ...assess(checked.machine, run, await countTokens(run)).map((finding) =>
      elsewhere(finding, checked.machine.host),
    ),
  ];
}

export function judgeVersion(address: string, version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = major === oldest[0] && minor >= oldest[1];
  return fits
    ? { level: "fine", text: `Ray ${version} answers at ${address}` }
    : {
        level: "error",
        text: `The cluster at ${address} has Ray ${version}; the target is written for ${wanted}.`,
        fix: "choose-cluster",
      };
}

function judgeRoom({ resources }: Checked, { workers }: RayTarget): Finding {
  const kind = resources.GPU > 0 ? "GPU" : "CPU";
  const there = Math.floor(resources[kind]);
  const text = `${workers} workers, and ${there} ${kind}s in the cluster`;
  return there >= workers
    ? { level: "fine", text }
    : { level: "warning", text: `${text}: unless it grows by itself, the run waits for room.` };
}

function judgeStorage({ storage }: Checked, target: RayTarget): Finding[] {
  if (storage.problems.length === 0) {
    return [{ level: "fine", text: `All machines of the cluster share ${target.storage}` }];
  }
  return storage.problems.map(({ host, problem }) => ({
    level: "error",
    text: `The storage ${target.storage} cannot be used: ${host} ${problem}.`,
    fix: "choose-cluster",
  }));
}

function elsewhere({ level, text, fix }: Finding, host: string): Finding {
  const remedy =
    level === "error" && (fix === "set-up" || fix === "choose-python")
      ? " Install the extension's dist/ray/requirements.txt into the cluster's Python."
      : "";
  return {
    level,
    text: `On ${host}: ${text}${remedy}`,
    ...(fix === "choose-model" && { fix }),
  };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Runs ingrain_ray/check.py on the cluster. */
async function check(
  api: JobsApi,
  { model }: NewTrlRun,
  { storage }: RayTarget,
  trainers: Pick<Trainers, "trainer">,
): Promise<Checked> {
  const key = randomBytes(8).toString("hex");
  const { name, content } = await packageCheck({ key, model, storage, packages }, trainers);
  const id = `ingrain-check-${key}`;
  await api.submit({
    id,
    entrypoint: "python -m ingrain_ray.check",
    workingDir: await api.upload(name, content),
    env: { PYTHONUNBUFFERED: "1" },
    metadata: { ingrain: "pre-flight" },
  });
  const found: Checked[] = [];
  const words: string[] = [];
  const reader = new LogReader(
    key,
    (line) => found.push(...[Checked.safeParse(line).data ?? []].flat()),
    (line) => words.push(line.trim()),
  );
  await api.tail(id, (text) => reader.read(text));
  const [first] = found;
  if (first) return first;
  const job = await api.job(id);
  const why = words.at(-1) ?? job?.message?.split("\n")[0] ?? "it said nothing";
  const state = job && isOver(job) ? "failed" : "did not end";
  throw new InputError(
    `the pre-flight's job ${state} on the cluster at ${api.address}: ${why}`,
    "The cluster's Python needs the extension's dist/ray/requirements.txt.",
  );
}

import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../processes.ts";
import { graceSeconds } from "./follower.ts";
import { isOver, type JobsApi } from "./jobs-api.ts";

/** Ray ends a job by force after the grace; then its workers go. */
const stopMs = (graceSeconds + 20) * 1000;
const workersMs = 30_000;

/**
 * Stops a job and waits until it is over and none of its actors, the workers among them, lives.
 * @returns false when the cluster does not know the job: it is gone with the cluster that it ran on.
 * @throws RayUnreachable when nothing answers: the job may go on.
 * @throws Error when it cannot be ended.
 */
export async function stopJob(api: JobsApi, name: string): Promise<boolean> {
  const job = await api.job(name);
  if (!job) return false;
  if (!isOver(job)) await api.stop(name);
  let number = job.job_id ?? undefined;
  const over = await until(async () => {
    const now = await api.job(name);
    number ??= now?.job_id ?? undefined;
    if (!now || isOver(now)) return true;
    await sleep(300);
    return false;
  }, stopMs);
  if (!over) throw new Error(`the job ${name} cannot be ended: it still runs at ${api.address}`);
  if (number === undefined) return true;
  const raysOwn = number;
  const gone = await until(async () => {
    if ((await api.liveActors(raysOwn)) === 0) return true;
    await sleep(300);
    return false;
  }, workersMs);
  if (!gone) throw new Error(`workers of the job ${name} are still there at ${api.address}`);
  return true;
}

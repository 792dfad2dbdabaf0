import { appendFileSync, readFileSync } from "node:fs";
import { cp, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError, messageOf } from "../../../policy/errors.ts";
import { repairEvents } from "../../events-file.ts";
import { type NewRunEvent, RunEvent } from "../../events.ts";
import { isMissing, writeWhole } from "../../files.ts";
import { runFiles } from "../../run-folder.ts";
import { type Cluster, jobName, localPath } from "./cluster.ts";
import { isOver, type Job, type JobsApi } from "./jobs-api.ts";
import { FilePiece, type Line, LogReader } from "./log-lines.ts";
import { type Package } from "./package.ts";

export interface Following {
  folder: string;
  run: string;
  cluster: Cluster;
  api: JobsApi;
  /** What is submitted; undefined to follow only what goes on already. */
  makePackage: (() => Promise<Package>) | undefined;
  log: (line: string) => void;
}

/** After so long without an answer the follower gives up; the run can be resumed, which finds the job. */
const silenceMs = 30 * 60_000;
const longestPauseMs = 30_000;
/** So often the log of a job that is over is read before it counts as one without a last word. */
const surelyRead = 3;
/** Below this the header of an answer cannot tell a wrong clock from a slow one. */
const skewFromMs = 5000;
const skewWarnedFromMs = 60_000;

/**
 * Follows a run on a cluster to its end, and writes what its job tells into the run folder: where it
 * was left, or from the job that is submitted now.
 * @returns false when there was nothing to follow and nothing to submit.
 * @throws InputError when the cluster does not answer at the start, or refuses the job.
 */
export async function follow(following: Following): Promise<boolean> {
  return new Follower(following).work();
}

class Follower {
  readonly #with: Following;
  /** Where the job's lines were left, by its name. */
  readonly #seen = new Map<string, number>();
  readonly #pieces = new Map<string, string[]>();
  #jobs = 0;
  #ended = false;
  #wasFinished = false;
  /** Writes the word that the run is finished, once all is here that it speaks of. */
  #last: (() => void) | undefined;
  #warnedOfClock = false;

  constructor(following: Following) {
    this.#with = following;
    this.#readPast();
  }

  async work(): Promise<boolean> {
    const { run, cluster, api, log, makePackage } = this.#with;
    if (this.#jobs > 0 && !this.#ended) {
      const job = await this.#takeUp(jobName(run, cluster, this.#jobs));
      if (job) return true;
    }
    if (!makePackage) return false;
    const name = jobName(run, cluster, this.#jobs + 1);
    const { name: file, content } = await makePackage();
    const workingDir = await api.upload(file, content);
    const env = jobEnvironment;
    const metadata = { ingrain_run: run };
    // A follower that died before it could note the job has submitted it: it is taken up.
    if (!(await api.job(name))) {
      await api.submit({
        id: name,
        entrypoint: "python -m ingrain_ray.driver",
        workingDir,
        env,
        metadata,
      });
    }
    this.#jobs += 1;
    this.#ended = false;
    this.#append({ type: "submitted", job: name, address: cluster.address });
    log(`submitted ${name} to ${cluster.address}`);
    await this.#follow(name);
    return true;
  }

  /** Goes on with a job that was submitted before. @returns whether the run came to an end or goes on. */
  async #takeUp(name: string): Promise<boolean> {
    const { api, log, cluster, makePackage } = this.#with;
    const job = await api.job(name);
    if (!job) {
      log(`the cluster does not know ${name} any more`);
      return false;
    }
    if (isOver(job) && makePackage) {
      // What it told when nobody listened; then the run goes on in another job.
      await this.#tail(name);
      await this.#settle();
      return this.#wasFinished;
    }
    this.#append({ type: "connected", job: name, address: cluster.address });
    log(`connected to ${name} at ${cluster.address}`);
    await this.#follow(name);
    return true;
  }

  /** Until the job is over, however often the connection is lost. */
  async #follow(name: string): Promise<void> {
    const { api, log } = this.#with;
    let heard = Date.now();
    let pauseMs = 500;
    let silent = false;
    let readsOfWhole = 0;
    for (;;) {
      try {
        const job = await api.job(name);
        heard = Date.now();
        if (silent) log("the cluster answers again");
        silent = false;
        await this.#tail(name);
        if (this.#ended) {
          await this.#settle();
          return;
        }
        // A connection may have been cut before the last word came.
        if (job && isOver(job) && ++readsOfWhole === surelyRead) {
          await this.#sealFor(job);
          return;
        }
        if (!job) {
          await this.#sealLost(name);
          return;
        }
        pauseMs = 500;
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        if (!silent) log(`${error.message}; the job may go on, and is asked for again`);
        silent = true;
        if (Date.now() - heard > silenceMs) throw error;
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
      await sleep(pauseMs);
    }
  }

  /** Reads the job's log from its beginning: what an earlier connection has brought is passed over. */
  async #tail(name: string): Promise<void> {
    const { api, cluster, log } = this.#with;
    const before = this.#seen.get(name) ?? 0;
    let at = 0;
    const reader = new LogReader(
      cluster.key,
      (line) => {
        at = line.n;
        this.#take(name, line);
      },
      (text) => {
        if (at >= before) log(text);
      },
    );
    await api.tail(name, (text) => reader.read(text));
  }

  #take(job: string, line: Line): void {
    if (line.type === "file") return this.#takePiece(line);
    if (line.n <= (this.#seen.get(job) ?? 0) || this.#ended) return;
    const event = RunEvent.safeParse(line);
    if (!event.success) return this.#with.log(`not an event: ${JSON.stringify(line)}`);
    const told = { ...event.data, at: this.#here(event.data.at) };
    const write = () => this.#write({ ...told, job, n: line.n });
    if (told.type === "finished") this.#last = write;
    else write();
    this.#ended = isLast(told.type);
    this.#wasFinished = told.type === "finished";
    this.#seen.set(job, line.n);
  }

  /** The time on this machine's clock. */
  #here(at: string): string {
    const { skewMs } = this.#with.api;
    if (Math.abs(skewMs) < skewFromMs) return at;
    if (!this.#warnedOfClock && Math.abs(skewMs) >= skewWarnedFromMs) {
      this.#warnedOfClock = true;
      this.#append({ type: "warning", message: clockWarning(skewMs) });
    }
    return new Date(Date.parse(at) - skewMs).toISOString();
  }

  #takePiece(line: Line): void {
    const piece = FilePiece.safeParse(line).data;
    if (!piece) return;
    const pieces = piece.index === 0 ? [] : (this.#pieces.get(piece.name) ?? []);
    pieces[piece.index] = piece.data;
    this.#pieces.set(piece.name, pieces);
  }

  /** The files that came with the end, and the last word. */
  async #settle(): Promise<void> {
    const { folder } = this.#with;
    if (this.#wasFinished) {
      await this.#fetchModel();
      for (const [name, pieces] of this.#pieces) {
        const path = join(folder, name);
        await mkdir(dirname(path), { recursive: true });
        await writeWhole(path, Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64"))));
      }
    }
    this.#last?.();
    this.#last = undefined;
  }

  /** Where this machine has the cluster's disk, the run folder gets the model. */
  async #fetchModel(): Promise<void> {
    const { cluster, folder } = this.#with;
    const place = `${cluster.folder}/model`;
    const path = localPath(place);
    const { model } = runFiles(folder);
    try {
      if (path === undefined) throw new InputError("it is no disk of this machine");
      await rm(model, { recursive: true, force: true });
      await cp(path, model, { recursive: true });
    } catch (error) {
      const reason = isMissing(error) ? "this machine does not have that disk" : messageOf(error);
      const message = `The model lies in ${place} and was not copied into the run folder: ${reason}.`;
      this.#append({ type: "warning", message });
    }
  }

  /** The job is over and did not say how. */
  async #sealFor(job: Job): Promise<void> {
    await this.#settle();
    if (job.status === "STOPPED") {
      this.#append({ type: "cancelled" });
      return;
    }
    const told = job.message?.trim().split("\n")[0] ?? "";
    this.#append({
      type: "failed",
      error: `The job on the cluster ended without a last word (${job.status}): ${told}`,
      hint: "The trainer's log says more; resume the run to try again.",
    });
  }

  async #sealLost(name: string): Promise<void> {
    await this.#settle();
    this.#append({
      type: "failed",
      error: `The cluster does not know the job ${name} any more: it was started anew.`,
      hint: `Resume the run: it goes on from its newest checkpoint in ${this.#with.cluster.folder}.`,
    });
  }

  #append(event: NewRunEvent): void {
    this.#write({ v: 1, at: new Date().toISOString(), ...event });
    this.#ended = isLast(event.type);
  }

  #write(event: object): void {
    appendFileSync(runFiles(this.#with.folder).events, `${JSON.stringify(event)}\n`);
  }

  /** What the run folder tells of its jobs: an event carries the job's name and the line's number. */
  #readPast(): void {
    const { events } = runFiles(this.#with.folder);
    repairEvents(events);
    let text = "";
    try {
      text = readFileSync(events, "utf8");
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    for (const line of text.split("\n").slice(0, -1)) {
      const event = JSON.parse(line) as { type: string; job?: string; n?: number };
      if (event.type === "submitted") this.#jobs += 1;
      if (event.job !== undefined && event.n !== undefined) this.#seen.set(event.job, event.n);
      this.#ended = isLast(event.type);
    }
  }
}

const isLast = (type: string) => ["finished", "failed", "cancelled"].includes(type);

/** How long Ray lets a job end by itself: a step of a real model and its checkpoint take their time. */
export const graceSeconds = 40;

const jobEnvironment: Readonly<Record<string, string>> = {
  RAY_JOB_STOP_WAIT_TIME_S: String(graceSeconds),
  RAY_TRAIN_V2_ENABLED: "1",
  PYTHONUNBUFFERED: "1",
  TOKENIZERS_PARALLELISM: "false",
  HF_HUB_DISABLE_TELEMETRY: "1",
};

function clockWarning(skewMs: number): string {
  const minutes = Math.abs(skewMs) / 60_000;
  const by = minutes < 90 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
  return `The cluster's clock is ${by} ${skewMs > 0 ? "ahead of" : "behind"} this machine's. Times are shown by this machine's clock.`;
}

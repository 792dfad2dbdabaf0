import type { Agent } from "./agent.ts";
import { play, type Stage, told } from "./episode.ts";
import type { Trial } from "./results.ts";
import type { User } from "./user.ts";

/** A task that an agent is tried on, of whatever benchmark. */
export interface ExamTask {
  id: string;
  instruction: string;
  outputs: readonly string[];
  axes: Readonly<Record<string, string>>;
  /** A fresh stage for one trial; `right` judges what was done on it. */
  begin(): Stage & { right(): boolean };
}

export interface ExamPlan {
  agent: Agent;
  tasks: readonly ExamTask[];
  /** What stands in the prompt: the policy, or its identifier. */
  system: string;
  /** Trials of each task. */
  trials: number;
  /** Trials under way at a time. */
  concurrency: number;
  userFor: (instruction: string) => User;
  signal: AbortSignal;
}

/**
 * Tries an agent on tasks, several at a time.
 *
 * @param done trials that are known already: they are not run again.
 * @param onTrial called with each trial as soon as it is over.
 * @throws AgentError as soon as a trial gets no answer; those that are over are kept.
 */
export async function examineAgent(
  plan: ExamPlan,
  done: readonly Trial[],
  onTrial: (trial: Trial) => Promise<void>,
): Promise<Trial[]> {
  const keyOf = (task: string, trial: number) => `${trial}\n${task}`;
  const known = new Set(done.map(({ task, trial }) => keyOf(task, trial)));
  const left = Array.from({ length: plan.trials }, (_, trial) => trial)
    .flatMap((trial) => plan.tasks.map((task) => ({ task, trial })))
    .filter(({ task, trial }) => !known.has(keyOf(task.id, trial)));
  const found: Trial[] = [];
  const stop = new AbortController();
  const signal = AbortSignal.any([plan.signal, stop.signal]);
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      signal.throwIfAborted();
      const trial = await tryOnce({ ...plan, signal }, next.task, next.trial);
      found.push(trial);
      await onTrial(trial);
    }
  };
  const workers = Array.from({ length: Math.max(1, plan.concurrency) }, () =>
    work().catch((error: unknown) => {
      // The others need not go on: what one met, they will meet.
      stop.abort(error);
      throw error;
    }),
  );
  const results = await Promise.allSettled(workers);
  plan.signal.throwIfAborted();
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw stop.signal.reason;
  const wanted = new Set(plan.tasks.map(({ id }) => id));
  return [...done.filter(({ task, trial }) => wanted.has(task) && trial < plan.trials), ...found];
}

async function tryOnce(
  { agent, system, userFor, signal }: ExamPlan,
  task: ExamTask,
  trial: number,
): Promise<Trial> {
  const started = performance.now();
  const stage = task.begin();
  const episode = await play(agent, userFor(task.instruction), stage, system, signal);
  const state = stage.right();
  const said = told(episode, task.outputs);
  return {
    task: task.id,
    trial,
    success: state && said,
    state,
    told: said,
    calls: episode.calls,
    cut: episode.cut,
    seconds: (performance.now() - started) / 1000,
    promptTokens: episode.usage.prompt,
    axes: { ...task.axes },
  };
}

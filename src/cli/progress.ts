import { MultiBar, type SingleBar } from "cli-progress";
import { EventReader } from "../training/events-file.ts";
import type { RunEvent } from "../training/events.ts";
import { type LiveStatus, liveStatus, runFiles } from "../training/run-folder.ts";
import { type CurvePoint, foldRun, type RunState, type StageState } from "../training/state.ts";
import { watchRun } from "../workspace/runs.ts";
import type { Io } from "./io.ts";

/** Shows the stages of a run while they go on. */
interface ProgressView {
  show(state: RunState): void;
  close(): void;
}

/**
 * Follows a run until its process has said its last word or is gone.
 * @returns how it ended.
 */
export async function followRun(folder: string, io: Io): Promise<LiveStatus> {
  const reader = new EventReader(runFiles(folder).events);
  const events: RunEvent[] = [];
  const view = io.terminal ? new Bars(io.terminal) : new Lines(io.log);
  const look = async (): Promise<LiveStatus> => {
    events.push(...reader.read());
    const state = foldRun(events);
    view.show(state);
    return liveStatus(folder, state);
  };
  try {
    return await new Promise<LiveStatus>((resolve, reject) => {
      // Keeps the process up: the watcher alone does not.
      const timer = setInterval(check, 1000);
      const watcher = watchRun(folder, check);
      let busy = false;
      function check() {
        if (busy) return;
        busy = true;
        look()
          .then((status) => {
            busy = false;
            if (status !== "created" && status !== "running") end(() => resolve(status));
          })
          .catch((error: unknown) =>
            end(() => reject(error instanceof Error ? error : new Error(String(error)))),
          );
      }
      function end(settle: () => void) {
        clearInterval(timer);
        watcher.dispose();
        settle();
      }
      check();
    });
  } finally {
    view.close();
  }
}

/** Which device the run took and why; undefined before it has chosen. */
function deviceLine({ process }: RunState): string | undefined {
  if (process?.reason === undefined) return undefined;
  return `On the ${process.device.toUpperCase()}. ${process.reason}\n`;
}

const stageWords: Readonly<Record<StageState["name"], string>> = {
  cpt: "Pretrain",
  sft: "Fine-tune",
  rl: "Reinforce",
  exam: "Exam",
};

function labelOf({ name, arm }: StageState): string {
  return `${stageWords[name]}, ${arm}`;
}

function detailOf(stage: StageState): string {
  const last = stage.curve.at(-1);
  if (!last) return "";
  const heldOut = stage.curve.findLast((point) => point.heldOutLoss !== undefined)?.heldOutLoss;
  return [
    `loss ${last.loss.toFixed(3)}`,
    ...(heldOut === undefined ? [] : [`held out ${heldOut.toFixed(3)}`]),
    `${Math.round(last.tokensPerSecond).toLocaleString("en")} tokens/s`,
    ...timeLeft(stage, last),
  ].join("  ");
}

/** At the rate of the last steps; nothing once the stage is over. */
function timeLeft({ step, steps }: StageState, last: CurvePoint): string[] {
  if (step === 0 || step >= steps || last.tokensPerSecond <= 0) return [];
  const seconds = ((last.tokens / step) * (steps - step)) / last.tokensPerSecond;
  return [
    seconds < 90
      ? `about ${Math.ceil(seconds)} s left`
      : `about ${Math.round(seconds / 60)} min left`,
  ];
}

/** One bar a stage. */
class Bars implements ProgressView {
  readonly #bars: MultiBar;
  readonly #ofStage = new Map<string, SingleBar>();
  #device: string | undefined;

  constructor(stream: NodeJS.WritableStream) {
    this.#bars = new MultiBar({
      stream,
      format: "{label} {bar} {percentage} %  {detail}",
      barCompleteChar: "█",
      barIncompleteChar: "░",
      barsize: 24,
      hideCursor: true,
      emptyOnZero: true,
      // The stream ends with the process.
      stopOnComplete: false,
    });
  }

  show(state: RunState): void {
    const device = deviceLine(state);
    if (device !== undefined && device !== this.#device) this.#bars.log(device);
    this.#device = device;
    for (const stage of state.stages) {
      const label = labelOf(stage);
      const payload = { label: label.padEnd(24), detail: detailOf(stage) };
      let bar = this.#ofStage.get(label);
      if (!bar) {
        bar = this.#bars.create(Math.max(1, stage.steps), 0, payload);
        this.#ofStage.set(label, bar);
      }
      bar.update(stage.status === "done" ? Math.max(1, stage.steps) : stage.step, payload);
    }
  }

  close(): void {
    this.#bars.stop();
  }
}

/** A line at the start of each stage and at each quarter of it. */
class Lines implements ProgressView {
  readonly #log: (text: string) => void;
  readonly #shown = new Map<string, number>();
  #waitsFor: string | undefined;
  #device: string | undefined;
  #job: string | undefined;

  constructor(log: (text: string) => void) {
    this.#log = log;
  }

  show(state: RunState): void {
    if (state.waitsFor !== undefined && state.waitsFor !== this.#waitsFor) {
      this.#log(`Waiting for the run ${state.waitsFor}\n`);
    }
    this.#waitsFor = state.waitsFor;
    const device = deviceLine(state);
    if (device !== undefined && device !== this.#device) this.#log(device);
    this.#device = device;
    if (state.job && state.job.name !== this.#job) {
      this.#log(`Job ${state.job.name} at ${state.job.address}\n`);
    }
    this.#job = state.job?.name;
    for (const stage of state.stages) {
      const label = labelOf(stage);
      const done = stage.status === "done" ? stage.steps : stage.step;
      const quarter = Math.floor((4 * done) / Math.max(1, stage.steps));
      if (quarter <= (this.#shown.get(label) ?? -1)) continue;
      this.#shown.set(label, quarter);
      this.#log(`${label}: ${done}/${stage.steps}  ${detailOf(stage)}`.trimEnd() + "\n");
    }
  }

  close(): void {
    // Lines need no end.
  }
}

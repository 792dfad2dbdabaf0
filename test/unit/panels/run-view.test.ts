import { describe, expect, it } from "vitest";
import { viewRun } from "../../../src/panels/run-view.ts";
import { RunView } from "../../../src/protocol/runs.ts";
import type { Serving } from "../../../src/serving/serving-folder.ts";
import type { RunEvent } from "../../../src/training/events.ts";
import type { RunSpec } from "../../../src/training/spec.ts";
import {
  at,
  checkpoint,
  chose,
  exam,
  failed,
  finished,
  record,
  stage,
  started,
  startedOn,
  spec,
  steps,
} from "./runs.ts";

const marks = (view: RunView): Record<string, string> =>
  Object.fromEntries(view.stages.map(({ name, status }) => [name, status]));

const inPretraining = [started, stage("cpt", 16), ...steps("cpt", 8)];

describe("viewRun", () => {
  it("marks what is done, runs and waits", () => {
    const view = viewRun(record(inPretraining, "running"), true);
    expect(marks(view)).toEqual({
      parse: "done",
      data: "done",
      cpt: "running",
      sft: "waiting",
      exam: "waiting",
      compare: "waiting",
    });
    expect(view).toMatchObject({
      status: "running",
      device: "cpu",
      tokensPerSecond: 520,
      learningRate: 1e-3,
      activity: "Pretrain (Internalized): step 8 of 16",
      canCancel: true,
      canResume: false,
    });
  });

  it("names no device before the run has chosen one, then also why", () => {
    expect(viewRun(record([startedOn("auto")], "running"), true).device).toBeUndefined();
    const events = [
      startedOn("auto"),
      chose("gpu", "It was the faster."),
      ...inPretraining.slice(1),
    ];
    expect(viewRun(record(events, "running"), true)).toMatchObject({
      device: "gpu",
      deviceReason: "It was the faster.",
    });
  });

  it("fits the protocol, and survives the trip as JSON", () => {
    const view = viewRun(record(inPretraining, "running"), true);
    expect(RunView.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
  });

  it("offers the model of a finished run, in a trusted workspace, and tells where it is served", () => {
    const events = [...inPretraining, finished];
    expect(viewRun(record(inPretraining, "running"), true).canServe).toBe(false);
    expect(viewRun(record(events, "finished"), false).canServe).toBe(false);
    const process = { pid: 4711, host: "here" };
    const endpoint = {
      version: 1,
      port: 4711,
      server: "embedded",
      model: "m",
      identifier: "desk",
    } as const;
    const of = (serving: Serving) => viewRun(record(events, "finished", { serving }), true);
    expect(of({ status: "stopped" })).toMatchObject({ canServe: true });
    expect(of({ status: "stopped" }).serving).toBeUndefined();
    expect(of({ status: "starting", process }).serving).toEqual({ status: "starting" });
    expect(of({ status: "serving", process, endpoint }).serving).toEqual({
      status: "serving",
      address: "http://127.0.0.1:4711/v1",
    });
  });

  it("keeps the marks of the internalized model while others are trained for comparison", () => {
    const events = [
      ...inPretraining,
      stage("sft", 4),
      stage("exam", 9),
      stage("exam", 9, "base"),
      stage("sft", 20, "sft-only"),
    ];
    const view = viewRun(record(events, "running"), true);
    expect(marks(view)).toMatchObject({ sft: "done", exam: "done", compare: "running" });
    expect(view.activity).toBe("Fine-tune (SFT only): step 0 of 20");
    const done = viewRun(
      record([...events, stage("exam", 9, "sft-only"), finished], "finished"),
      true,
    );
    expect(marks(done)["compare"]).toBe("done");
  });

  it("says of a process that went without a last word what was kept and what to do", () => {
    const events = [...inPretraining, checkpoint("cpt", 5)];
    const view = viewRun(record(events, "interrupted"), true);
    expect(marks(view)["cpt"]).toBe("stopped");
    expect(view.error?.kept).toContain("checkpoint at step 5 of Pretrain");
    expect(view.error?.hint).toContain("Resume");
    expect(view).toMatchObject({ canCancel: false, canResume: true });
    expect(view.timeLeft).toBeUndefined();
  });

  it("says of a job on a cluster where it waits, and that it may go on when nobody follows it", () => {
    const submitted: RunEvent = {
      v: 1,
      at: at(0),
      type: "submitted",
      job: "ingrain-desk-1",
      address: "http://127.0.0.1:8265",
    };
    const waiting = viewRun(record([submitted], "created"), true);
    expect(waiting.activity).toBe(
      "Waiting for the cluster at http://127.0.0.1:8265 to start the job",
    );
    const left = record([submitted, ...inPretraining], "interrupted");
    const onCluster = { ...spec, engine: "trl", target: "ray", arms: [] } as unknown as RunSpec;
    expect(viewRun({ ...left, spec: onCluster }, true).error?.message).toBe(
      "Nobody follows the job ingrain-desk-1 any more; it may go on at http://127.0.0.1:8265.",
    );
  });

  it("shows the error and the hint of a failed run", () => {
    const events = [...inPretraining, failed("The disk is full.", "Free 200 MB and resume.")];
    expect(viewRun(record(events, "failed"), true).error).toEqual({
      message: "The disk is full.",
      kept: "Kept: the dataset and the log.",
      hint: "Free 200 MB and resume.",
    });
  });

  it("marks all stages of a finished run, and shows exams before there is a report", () => {
    const view = viewRun(
      record(
        [...inPretraining, exam("base", 0.25), exam("internalized", 0.75), finished],
        "finished",
      ),
      true,
    );
    expect(new Set(Object.values(marks(view)))).toEqual(new Set(["done"]));
    expect(view.progress).toBe(1);
    expect(view.exams).toContainEqual({
      arm: "internalized",
      overall: { accuracy: 0.75 },
      byCategory: { factual: { accuracy: 0.75, n: 16 } },
    });
  });

  it("lets an untrusted workspace start and end nothing", () => {
    expect(viewRun(record(inPretraining, "running"), false).canCancel).toBe(false);
    expect(viewRun(record(inPretraining, "interrupted"), false).canResume).toBe(false);
  });
});

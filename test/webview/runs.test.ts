import { render } from "lit";
import { beforeEach, describe, expect, it } from "vitest";
import type { FromRunsView, RunsSnapshot, RunView } from "../../src/protocol/runs.ts";
import { renderRuns } from "../../webview/runs/render.ts";
import { report, running, snapshot } from "./snapshots.ts";

let posted: FromRunsView[];
let arms: string[];
const actions = {
  post: (message: FromRunsView) => void posted.push(message),
  showArm: (arm: string) => void arms.push(arm),
};

beforeEach(() => {
  posted = [];
  arms = [];
});

function draw(state: RunsSnapshot, arm?: string): HTMLElement {
  const root = document.createElement("main");
  render(renderRuns(state, actions, arm), root);
  return root;
}

const text = (element: Element | null | undefined): string =>
  (element?.textContent ?? "").replace(/\s+/g, " ").trim();

const button = (root: HTMLElement, label: string): HTMLElement | undefined =>
  [...root.querySelectorAll<HTMLElement>("vscode-button")].find(
    (element) => text(element) === label || element.getAttribute("aria-label") === label,
  );

describe("the run panel", () => {
  it("shows where a run is", () => {
    const root = draw(snapshot());
    expect(text(root.querySelector("h1"))).toBe("Parcel <desk>");
    expect(text(root.querySelector(".status"))).toBe("running");
    const stages = [...root.querySelectorAll(".stages li")].map(text);
    expect(stages).toEqual([
      "Parse done",
      "Data done",
      "Pretrain running",
      "Fine-tune waiting",
      "Exam waiting",
    ]);
    expect(text(root.querySelector('[aria-current="step"]'))).toContain("Pretrain");
    expect(root.querySelector("progress")?.value).toBeCloseTo(0.61);
    expect(text(root.querySelector(".progress"))).toContain("61 % · about 40 s left");
    expect(text(root.querySelector(".figures"))).toContain("Tokens/s 9,912");
    expect(text(root.querySelector(".figures"))).toContain("Learning rate 1.6e-3");
  });

  it("gives the chart the curve, and says it in words", () => {
    const chart = draw(snapshot()).querySelector<HTMLElement & { curves?: unknown }>(
      "ingrain-loss-chart",
    );
    expect(chart?.curves).toEqual(running.curves);
    expect(chart?.getAttribute("aria-label")).toBe(
      "Loss of Internalized: train 3.21, held-out 4.50",
    );
  });

  it("lets the reader choose between arms", () => {
    const other = { ...running.curves[0]!, arm: "sft-only" };
    const state = snapshot({ curves: [...running.curves, other] });
    const root = draw(state, "internalized");
    const choices = [...root.querySelectorAll<HTMLElement>(".choice")];
    expect(choices.map((choice) => choice.getAttribute("aria-pressed"))).toEqual(["true", "false"]);
    choices[1]!.click();
    expect(arms).toEqual(["sft-only"]);
    expect(draw(state).querySelector('[aria-pressed="true"]')?.textContent).toContain("SFT only");
  });

  it("shows the exam by category, with n where it is known", () => {
    const rows = [...draw(snapshot()).querySelectorAll('[data-arm="base"] tr')].map(text);
    expect(rows).toEqual(["fact 0.25", "if…else 0.50 n=16"]);
  });

  it("offers Cancel while it runs, and Resume when that is possible", () => {
    const live = draw(snapshot());
    expect(button(live, "Resume")).toBeUndefined();
    button(live, "Cancel")!.click();
    const stopped = draw(snapshot({ status: "interrupted", canCancel: false, canResume: true }));
    expect(button(stopped, "Cancel")).toBeUndefined();
    button(stopped, "Resume")!.click();
    button(stopped, "Reveal Folder")!.click();
    expect(posted).toEqual([{ type: "cancel" }, { type: "resume" }, { type: "reveal" }]);
  });

  it("offers to ask and to serve a model, and tells where it is served", () => {
    expect(button(draw(snapshot()), "Ask the Model")).toBeUndefined();
    const idle = draw(snapshot({ status: "finished", canServe: true }));
    expect(button(idle, "Stop Serving")).toBeUndefined();
    button(idle, "Ask the Model")!.click();
    button(idle, "Serve Model")!.click();
    const address = "http://127.0.0.1:4711/v1";
    const serving = { status: "serving", address } as const;
    const served = draw(snapshot({ status: "finished", canServe: true, serving }));
    expect(text(served.querySelector("[data-serving]")!)).toBe(`Served at ${address}`);
    expect(button(served, "Serve Model")).toBeUndefined();
    button(served, "Stop Serving")!.click();
    expect(posted).toEqual([{ type: "askModel" }, { type: "serve" }, { type: "stopServing" }]);
    const starting = draw(snapshot({ canServe: true, serving: { status: "starting" } }));
    expect(text(starting.querySelector("[data-serving]")!)).toBe("The server is starting");
  });

  it("says what happened, what was kept, and offers the next step", () => {
    const root = draw(
      snapshot({
        status: "failed",
        canCancel: false,
        canResume: true,
        error: { message: "The disk is full.", kept: "Kept: all.", hint: "Free some space." },
      }),
    );
    const alert = root.querySelector<HTMLElement>('[role="alert"]')!;
    expect(text(alert)).toContain("The disk is full. Kept: all. Free some space.");
    expect(button(alert, "Resume")).toBeDefined();
    button(alert, "Open Log")!.click();
    expect(posted).toEqual([{ type: "openLog" }]);
  });

  it("reports at the end, the internalized arm first", () => {
    const section = draw(snapshot({ status: "finished", report })).querySelector(".report")!;
    expect(text(section)).toContain("Policy 1,390 → 6 tokens");
    expect(text(section)).toContain(
      "Prompt of a question 1,420 → 36 tokens (−97.5 %) estimated by words and marks",
    );
    expect(text(section)).toContain("Internalized 0.72 [0.62–0.82]");
    const rows = [...section.querySelectorAll("tr[data-arm]")].map((row) =>
      row.getAttribute("data-arm"),
    );
    expect(rows).toEqual(["internalized", "sft-only", "base"]);
  });

  it("tells what each stage took, and of an exam no speed", () => {
    const exam = { ...report.stages[0]!, name: "exam", tokens: 0, tokensPerSecond: 0 };
    const section = draw(snapshot({ report: { ...report, stages: [...report.stages, exam] } }));
    const rows = [...section.querySelectorAll("details:not(.log) tbody tr")].map(text);
    expect(rows).toEqual([
      "Pretrain Internalized 600,000 10,000 66.0",
      "Exam Internalized – – 66.0",
    ]);
    expect(text(section.querySelector("details:not(.log) summary"))).toBe(
      "Training: 1,048,576 parameters, 3 min",
    );
  });

  it("calls an exam invalid that answers itself", () => {
    const arm = report.arms.internalized!;
    const leaky = { ...arm, nullPrompt: { ...arm.nullPrompt, accuracy: 0.6 } };
    const state = snapshot({ report: { ...report, arms: { internalized: leaky } } });
    expect(text(draw(state).querySelector('tr[data-arm="internalized"] .bad'))).toContain(
      "above chance",
    );
    expect(draw(snapshot({ report })).querySelector("td.bad")).toBeNull();
  });

  it("makes the choice of runs anew when a status changes, and only then", () => {
    const root = document.createElement("main");
    const other = { ...running, folder: "/w/.ingrain/runs/b", id: "b" };
    const show = (change: Partial<RunView>) => {
      const { run, trusted } = snapshot(change);
      render(renderRuns({ runs: [run!, other], run: run!, trusted }, actions), root);
      return root.querySelector("vscode-dropdown")!;
    };
    const first = show({ status: "created" });
    expect(show({ status: "created", progress: 0.7 })).toBe(first);
    const next = show({ status: "running" });
    expect(next).not.toBe(first);
    expect(text(next.querySelector("vscode-option"))).toContain("(running)");
  });

  it("never reads the log as markup", () => {
    const root = draw(snapshot());
    expect(root.querySelector("script")).toBeNull();
    expect(root.querySelector("pre")?.textContent).toBe("first line\n<script>alert(1)</script>");
  });

  it("uses no style attribute, which the security policy forbids", () => {
    expect(draw(snapshot({ status: "finished", report })).querySelector("[style]")).toBeNull();
  });

  it("says what to do when there is no run", () => {
    const trusted = draw({ runs: [], trusted: true });
    button(trusted, "Internalize Policy")!.click();
    const untrusted = draw({ runs: [], trusted: false });
    expect(button(untrusted, "Internalize Policy")).toBeUndefined();
    button(untrusted, "Manage Workspace Trust")!.click();
    expect(posted).toEqual([{ type: "internalize" }, { type: "manageTrust" }]);
  });

  it("says why a run cannot be shown, and offers the others", () => {
    const root = draw({ runs: [running], problem: "run.json is missing", trusted: true });
    expect(text(root)).toContain("run.json is missing");
    expect(root.querySelectorAll("vscode-option")).toHaveLength(1);
  });
});

import { render } from "lit";
import { beforeEach, describe, expect, it } from "vitest";
import type {
  ChartLook,
  FromRunsView,
  Metric,
  RunsSnapshot,
  RunView,
} from "../../src/protocol/runs.ts";
import type { ChartModel } from "../../webview/runs/lines.ts";
import { examGroups } from "../../webview/runs/picture.ts";
import { renderRuns } from "../../webview/runs/render.ts";
import { firstLook } from "../../webview/runs/training.ts";
import { comparison, report, running, snapshot } from "./snapshots.ts";

let posted: FromRunsView[];
let arms: string[];
let looks: ChartLook[];
const actions = {
  post: (message: FromRunsView) => void posted.push(message),
  showArm: (arm: string) => void arms.push(arm),
  look: (look: ChartLook) => void looks.push(look),
};

beforeEach(() => {
  posted = [];
  arms = [];
  looks = [];
});

function draw(state: RunsSnapshot, arm?: string, metric: Metric = "loss"): HTMLElement {
  const root = document.createElement("main");
  const look = { ...firstLook, metric };
  render(renderRuns(state, actions, { look, ...(arm !== undefined && { arm }) }), root);
  return root;
}

const modelIn = (root: HTMLElement): ChartModel =>
  root.querySelector<HTMLElement & { model: ChartModel }>("ingrain-loss-chart")!.model;

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
    expect(text(root.querySelector(".progress"))).toContain("61 % · 2–5 min left");
    expect(text(root.querySelector(".figures"))).toContain("Tokens/s 9,912");
    expect(text(root.querySelector(".figures"))).toContain("Learning rate 1.6e-3");
    expect(text(root.querySelector(".figures"))).toContain("Memory 412 MiB");
  });

  it("says of a stage that the time is its own", () => {
    const root = draw(snapshot({ timeLeft: { low: 42, high: 42, of: "stage" } }));
    expect(text(root.querySelector(".progress"))).toContain("about 40 s left of this stage");
  });

  it("says on which device, and on hovering why", () => {
    const reason = "It was the faster in a trial.";
    const root = draw(snapshot({ device: "gpu", deviceReason: reason }));
    expect(text(root.querySelector("header .muted"))).toMatch(/ · onnx on gpu$/);
    expect(root.querySelector("header [title]")?.getAttribute("title")).toBe(reason);
  });

  it("gives the chart the curve, and says it in words", () => {
    const root = draw(snapshot());
    const { x, lines } = modelIn(root);
    expect(x).toEqual([500, 1000, 1500]);
    expect(lines.map(({ label, faint }) => [label, faint])).toEqual([
      ["Train, each step", true],
      ["Train", false],
      ["Held-out", false],
    ]);
    expect(lines[0]!.values).toEqual([6, 4, 3.21]);
    expect(lines[2]!.values).toEqual([null, 4.5, null]);
    expect(root.querySelector("ingrain-loss-chart")?.getAttribute("aria-label")).toBe(
      "Loss of Internalized. Train: 3.964; Held-out: 4.500",
    );
  });

  it("lets the reader choose what the chart shows and how smooth it is", () => {
    const root = draw(snapshot());
    const choices = [...root.querySelectorAll<HTMLElement>('[aria-label="Shown curve"] .choice')];
    expect(choices.map(text)).toEqual(["Loss", "Learning rate", "Tokens/s", "Memory"]);
    choices[3]!.click();
    const slider = root.querySelector<HTMLInputElement>("input[type=range]")!;
    slider.value = "0.9";
    slider.dispatchEvent(new Event("input"));
    expect(looks).toEqual([
      { ...firstLook, metric: "memoryBytes" },
      { ...firstLook, smoothing: 0.9 },
    ]);
    const memory = draw(snapshot(), undefined, "memoryBytes");
    expect(modelIn(memory).lines).toHaveLength(1);
    expect(memory.querySelector("input[type=range]")).toBeNull();
  });

  it("lets the reader choose between arms", () => {
    const other = { ...running.curves[0]!, arm: "sft-only" };
    const state = snapshot({ curves: [...running.curves, other] });
    const root = draw(state, "internalized");
    const choices = [...root.querySelectorAll<HTMLElement>('[aria-label="Shown arm"] .choice')];
    expect(choices.map((choice) => choice.getAttribute("aria-pressed"))).toEqual(["true", "false"]);
    choices[1]!.click();
    expect(arms).toEqual(["sft-only"]);
    const shown = draw(state).querySelector('[aria-label="Shown arm"] [aria-pressed="true"]');
    expect(shown?.textContent).toContain("SFT only");
  });

  it("shows the exam by category, with n where it is known", () => {
    const rows = [...draw(snapshot()).querySelectorAll('[data-arm="base"] tr')].map(text);
    expect(rows).toEqual(["fact 0.25", "if…else 0.50 n=16"]);
  });

  it("leads from a report to what to do next, and from nothing else", () => {
    expect(button(draw(snapshot()), "What to Do Next")).toBeUndefined();
    const finished = draw(snapshot({ status: "finished", report }));
    button(finished, "What to Do Next")!.click();
    expect(posted).toEqual([{ type: "whatToDoNext" }]);
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
    expect(text(served.querySelector("[data-serving]"))).toBe(`Served at ${address}`);
    expect(button(served, "Serve Model")).toBeUndefined();
    button(served, "Stop Serving")!.click();
    expect(posted).toEqual([{ type: "askModel" }, { type: "serve" }, { type: "stopServing" }]);
    const starting = draw(snapshot({ canServe: true, serving: { status: "starting" } }));
    expect(text(starting.querySelector("[data-serving]"))).toBe("The server is starting");
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

  it("uses no style attribute, which the security policy forbids", () => {
    const state = { ...snapshot({ status: "finished", report }), comparison };
    expect(draw(state).querySelector("[style]")).toBeNull();
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

describe("the comparison", () => {
  const { run, trusted } = snapshot({ status: "finished", report });
  const state: RunsSnapshot = {
    runs: [run!, ...comparison.runs.slice(1)],
    run: run!,
    trusted,
    comparison,
  };

  it("lays the curves over each other, with a letter for each run", () => {
    const root = draw(state);
    const { x, lines } = modelIn(root);
    expect(x).toEqual([500, 1000, 1200, 1500]);
    expect(lines.map(({ letter, look }) => [letter, look])).toEqual([
      ["A", 0],
      ["B", 1],
    ]);
    expect(lines[1]!.values.map((value) => value === null)).toEqual([false, true, false, false]);
    expect(root.querySelector("ingrain-loss-chart")?.getAttribute("aria-label")).toMatch(
      /^Loss of Internalized\. A, Parcel <desk>, .*: 3\.964; B, Parcel <desk>, .*: 4\.929$/,
    );
    expect(modelIn(draw(state, undefined, "heldOut")).lines[0]!.values).toContain(4.5);
  });

  it("shows the exams side by side, with their intervals", () => {
    const root = draw(state);
    const row = (name: string) => [...root.querySelectorAll(`tr[data-row="${name}"] td`)].map(text);
    expect(row("overall")).toEqual(["0.72 0.62–0.82, n=90", "0.50", "–"]);
    expect(row("factual")).toEqual(["0.80 0.70–0.90, n=30", "0.40 n=30", "–"]);
    expect(row("seen")).toEqual(["0.98 0.88–1.08, n=40", "–", "–"]);
    expect(row("scenario")).toEqual([]);
    expect(text(root)).toContain("their exams may ask different questions");
    const same = draw({ ...state, comparison: { ...comparison, sameDataset: true } });
    expect(text(same)).not.toContain("different questions");
  });

  it("tells what the prompts save and where the specifications differ", () => {
    const root = draw(state);
    const row = (selector: string) => [...root.querySelectorAll(`tr[${selector}] td`)].map(text);
    expect(row('data-row="prompt"')).toEqual(["1,384 a question 1,420 → 36 (−97.5 %)", "–", "–"]);
    expect(row('data-difference="peakRate"')).toEqual(["0.002", "0.001", "–"]);
    expect(root.querySelector(".comparison b")).toBeNull();
  });

  it("lets the reader choose others and take one away", () => {
    const root = draw(state);
    button(root, "Choose Runs…")!.click();
    button(root, "Take B Away")!.click();
    expect(posted).toEqual([
      { type: "chooseCompared" },
      { type: "compare", folders: ["/w/.ingrain/runs/c"] },
    ]);
    expect(text(root.querySelector(".notice.warning"))).toContain("runs/d is missing");
  });

  it("is offered only where there is another run", () => {
    expect(button(draw(snapshot()), "Choose Runs…")).toBeUndefined();
    const two = { ...snapshot(), runs: comparison.runs.slice(0, 2) };
    expect(button(draw(two), "Choose Runs…")).toBeDefined();
    expect(draw(two).querySelector(".comparison")).toBeNull();
  });

  it("groups the exam of a picture by category, with a bar for each run or arm", () => {
    const names = (of: RunsSnapshot) =>
      examGroups(of).map(({ title, bars }) => [title, bars.map(({ name }) => name).join()]);
    expect(names(state)).toEqual([
      ["Overall", "A,B"],
      ["fact", "A,B"],
    ]);
    expect(names(snapshot())).toEqual([
      ["Overall", "Untrained"],
      ["fact", "Untrained"],
      ["if…else", "Untrained"],
    ]);
  });

  it("asks for an export", () => {
    button(draw(state), "Export…")!.click();
    expect(posted).toEqual([{ type: "export" }]);
  });
});

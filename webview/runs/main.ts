import "../common/jitless.ts";
import { render } from "lit";
import {
  type ChartLook,
  type FromRunsView,
  type RunsSnapshot,
  RunsViewState,
  ToRunsView,
} from "../../src/protocol/runs.ts";
import { registerControls } from "../common/controls.ts";
import { connect } from "../common/host.ts";
import "../common/common.css";
import "uplot/dist/uPlot.min.css";
import { LossChart } from "./chart.ts";
import { LogView } from "./log.ts";
import { drawPicture } from "./picture.ts";
import { renderRuns } from "./render.ts";
import "./runs.css";
import { firstLook } from "./training.ts";

registerControls();
customElements.define("ingrain-loss-chart", LossChart);
customElements.define("ingrain-log", LogView);

const main = document.querySelector("main")!;
let snapshot: RunsSnapshot | undefined;
let arm: string | undefined;

const host = connect<ToRunsView, FromRunsView, RunsViewState>(ToRunsView, (message) => {
  if (message.type === "draw") return sendPicture();
  snapshot = message.snapshot;
  keep();
  draw();
});

let look: ChartLook = RunsViewState.safeParse(host.readState()).data?.look ?? firstLook;

function keep(): void {
  const compared = snapshot?.comparison?.runs.slice(1).map(({ folder }) => folder);
  host.writeState({ folder: snapshot?.run?.folder, ...(compared && { compared }), look });
}

function sendPicture(): void {
  const png = snapshot && drawPicture(snapshot, main.querySelector("ingrain-loss-chart"));
  host.post({ type: "picture", ...(png !== undefined && { png }) });
}

function draw(): void {
  if (!snapshot) return;
  const actions = {
    post: (message: FromRunsView) => host.post(message),
    showArm: (name: string) => {
      arm = name;
      draw();
    },
    look: (chosen: ChartLook) => {
      look = chosen;
      keep();
      draw();
    },
  };
  render(renderRuns(snapshot, actions, { look, ...(arm !== undefined && { arm }) }), main);
}

host.post({ type: "ready" });

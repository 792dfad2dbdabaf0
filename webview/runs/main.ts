import "../common/jitless.ts";
import { render } from "lit";
import {
  type FromRunsView,
  type RunsSnapshot,
  type RunsViewState,
  ToRunsView,
} from "../../src/protocol/runs.ts";
import { registerControls } from "../common/controls.ts";
import { connect } from "../common/host.ts";
import "../common/common.css";
import "uplot/dist/uPlot.min.css";
import { LossChart } from "./chart.ts";
import { renderRuns } from "./render.ts";
import "./runs.css";

registerControls();
customElements.define("ingrain-loss-chart", LossChart);

const main = document.querySelector("main")!;
let snapshot: RunsSnapshot | undefined;
let arm: string | undefined;

const host = connect<ToRunsView, FromRunsView, RunsViewState>(ToRunsView, (message) => {
  snapshot = message.snapshot;
  host.writeState({ folder: snapshot.run?.folder });
  draw();
});

function draw(): void {
  if (!snapshot) return;
  const actions = {
    post: (message: FromRunsView) => host.post(message),
    showArm: (name: string) => {
      arm = name;
      draw();
    },
  };
  render(renderRuns(snapshot, actions, arm), main);
}

host.post({ type: "ready" });

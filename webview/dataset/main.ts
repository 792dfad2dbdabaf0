import "../common/jitless.ts";
import { render } from "lit";
import {
  type DatasetViewState,
  type FromDatasetView,
  ToDatasetView,
} from "../../src/protocol/dataset.ts";
import "../common/common.css";
import { registerControls } from "../common/controls.ts";
import { connect } from "../common/host.ts";
import "./dataset.css";
import { renderDataset, renderProblem } from "./render.ts";

registerControls();

const main = document.querySelector("main")!;
/** How long typing in the search field rests before the disk is read again, in milliseconds. */
const restMs = 200;
let resting: ReturnType<typeof setTimeout> | undefined;

const host = connect<ToDatasetView, FromDatasetView, DatasetViewState>(ToDatasetView, (message) => {
  if (message.type === "problem") {
    render(renderProblem(message.message, { post }), main);
    return;
  }
  const { snapshot } = message;
  host.writeState({ folder: snapshot.folder, query: snapshot.query });
  // An answer to an older query must not overwrite what is being typed.
  if (resting === undefined) render(renderDataset(snapshot, { post }), main);
});

function post(message: FromDatasetView): void {
  clearTimeout(resting);
  resting = undefined;
  if (message.type !== "query") {
    host.post(message);
    return;
  }
  resting = setTimeout(() => {
    resting = undefined;
    host.post(message);
  }, restMs);
}

host.post({ type: "ready" });

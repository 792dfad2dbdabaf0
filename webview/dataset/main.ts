import "../common/jitless.ts";
import { render } from "lit";
import {
  type DatasetSnapshot,
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
let shown: DatasetSnapshot | undefined;

const host = connect<ToDatasetView, FromDatasetView, DatasetViewState>(ToDatasetView, (message) => {
  if (message.type === "problem") {
    render(renderProblem(message.message, { post }), main);
    return;
  }
  const { snapshot } = message;
  host.writeState({ folder: snapshot.folder, query: snapshot.query });
  // An answer to an older query must not overwrite what is asked now.
  if (resting === undefined) draw(snapshot);
});

function draw(snapshot: DatasetSnapshot): void {
  shown = snapshot;
  render(renderDataset(snapshot, { post }), main);
}

function post(message: FromDatasetView): void {
  if (message.type !== "query" || !shown) {
    host.post(message);
    return;
  }
  const typing = message.query.search !== shown.query.search;
  // The controls show at once what is asked, so that the next change builds on it.
  draw({ ...shown, query: message.query });
  clearTimeout(resting);
  resting = setTimeout(
    () => {
      resting = undefined;
      host.post(message);
    },
    typing ? restMs : 0,
  );
}

host.post({ type: "ready" });

import "../common/jitless.ts";
import {
  type DatasetViewState,
  type FromDatasetView,
  ToDatasetView,
} from "../../src/protocol/dataset.ts";
import "../common/common.css";
import { registerControls } from "../common/controls.ts";
import { connect } from "../common/host.ts";
import "./dataset.css";
import { DatasetPage } from "./page.ts";

registerControls();

const host = connect<ToDatasetView, FromDatasetView, DatasetViewState>(ToDatasetView, (message) =>
  page.receive(message),
);
const page = new DatasetPage(document.querySelector("main")!, host);

document.addEventListener("keydown", (event) => {
  if (page.press(event)) event.preventDefault();
});
host.post({ type: "ready" });

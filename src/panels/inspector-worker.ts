import { parentPort } from "node:worker_threads";
import { ToInspector } from "../protocol/dataset.ts";
import { Inspector } from "../workspace/inspector/inspector.ts";

/**
 * The worker thread that reads a dataset for the panel: files may have gigabytes, and neither the
 * editor nor the panel waits for them.
 */

const inspector = new Inspector((message) => parentPort?.postMessage(message));
parentPort?.on("message", (message: unknown) => void inspector.receive(ToInspector.parse(message)));

import { Worker } from "node:worker_threads";
import { FromInspector, type ToInspector } from "../protocol/dataset.ts";

/** The thread that reads a dataset, for as long as a panel shows it. */
export class InspectorThread {
  readonly #worker: Worker;

  /** @param program path of the bundled `inspector-worker.js`. */
  constructor(program: string, receive: (message: FromInspector) => void) {
    this.#worker = new Worker(program);
    this.#worker.unref();
    this.#worker.on("message", (message: unknown) => receive(FromInspector.parse(message)));
    this.#worker.on("error", (error) =>
      receive({ type: "problem", message: `Reading the dataset ended: ${error.message}` }),
    );
  }

  post(message: ToInspector): void {
    this.#worker.postMessage(message);
  }

  dispose(): void {
    void this.#worker.terminate();
  }
}

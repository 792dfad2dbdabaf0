import { z } from "zod";

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
};

/** The extension's side, as a webview sees it. */
export interface Host<Outgoing, State> {
  post(message: Outgoing): void;
  /** Kept by VS Code across reloads, and handed to the panel's serializer. */
  writeState(state: State): void;
  /** What was kept, if anything; not validated. */
  readState(): unknown;
}

/** Connects to the extension. Messages that do not fit the schema are dropped, and said so. */
export function connect<Incoming, Outgoing, State>(
  incoming: z.ZodType<Incoming>,
  receive: (message: Incoming) => void,
): Host<Outgoing, State> {
  const api = acquireVsCodeApi();
  window.addEventListener("message", ({ data }) => {
    const message = incoming.safeParse(data);
    if (message.success) receive(message.data);
    else console.error("Ingrain: a message does not fit", z.prettifyError(message.error));
  });
  return {
    post: (message) => api.postMessage(message),
    writeState: (value) => api.setState(value),
    readState: () => api.getState(),
  };
}

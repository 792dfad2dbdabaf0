import type * as vscode from "vscode";

/** An event whose listeners are called one after the other, with a turn for others between them. */
export class TurnsEmitter<T> implements vscode.Disposable {
  readonly #listeners = new Set<(event: T) => unknown>();

  /** Subscribes a listener; what is given back lets go of it. */
  readonly event = (listener: (event: T) => unknown): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };

  dispose(): void {
    this.#listeners.clear();
  }

  /** @param goOn asked before each listener is called. */
  async fire(event: T, goOn: () => boolean): Promise<void> {
    for (const listener of this.#listeners) {
      if (!goOn()) return;
      listener(event);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
}

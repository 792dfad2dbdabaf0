import type { RunRecord } from "./run-view.ts";

/** Where runs are read from: the folders on disk, whoever wrote them. */
export interface RunReader {
  /** @throws {InputError} when the folder cannot be read as a run. */
  read(folder: string): Promise<RunRecord>;
  /** Calls back when the folder's content changes, and when its process is gone. */
  watch(folder: string, changed: () => void): { dispose(): unknown };
}

/** A run that is shown: read anew only when it has changed. */
export class WatchedRun {
  readonly folder: string;
  readonly #reader: RunReader;
  readonly #watch: { dispose(): unknown };
  #record: Promise<RunRecord> | undefined;

  constructor(folder: string, reader: RunReader, changed: () => void) {
    this.folder = folder;
    this.#reader = reader;
    this.#watch = reader.watch(folder, () => {
      this.forget();
      changed();
    });
  }

  /** @throws {InputError} when the folder cannot be read as a run. */
  read(): Promise<RunRecord> {
    return (this.#record ??= this.#reader.read(this.folder));
  }

  /** The next look reads the folder again. */
  forget(): void {
    this.#record = undefined;
  }

  dispose(): void {
    this.#watch.dispose();
  }
}

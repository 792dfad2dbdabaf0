import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { InputError } from "../policy/errors.ts";
import { withPath } from "./file-errors.ts";
import { hasCode, isMissing, writeWhole } from "./files.ts";
import { identify, isAlive, onThisHost, ProcessIdentity } from "./processes.ts";
import { hasLiveProcess, runId } from "./run-folder.ts";

const Lock = z.object({
  run: z.string(),
  /** Who prepares the run, until the trainer's process is known. */
  launcher: ProcessIdentity.optional(),
});
type Lock = z.infer<typeof Lock>;

/**
 * One run at a time trains on a dataset: two would fight for the same cores and give the same
 * result. The lock is a file beside the runs that names the run that holds it; a lock whose run
 * has no live process any more is taken over.
 */
export class RunLock {
  readonly #folder: string;
  readonly #path: string;

  /** @param folder of the run. */
  constructor(folder: string, datasetSha256: string) {
    this.#folder = folder;
    this.#path = join(dirname(folder), ".locks", datasetSha256.slice(0, 32));
  }

  /**
   * Takes the lock for this process, which launches the run.
   * @throws InputError that names the run that holds it.
   */
  async acquire(): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    const launcher = await identify(process.pid);
    while (!(await this.#create({ run: runId(this.#folder), launcher }))) {
      const text = await this.#read();
      if (text === undefined) continue;
      const lock = parse(text);
      if (lock && (await this.#isHeld(lock))) {
        throw new InputError(
          `a run on this dataset goes on already: ${lock.run}`,
          "Wait for it, or cancel it first.",
        );
      }
      await this.#removeStale(text);
    }
  }

  /** From now on the lock lives as long as the process that the run folder names. */
  async handOver(): Promise<void> {
    await writeWhole(this.#path, JSON.stringify({ run: runId(this.#folder) } satisfies Lock));
  }

  /** Gives the lock back, if this run holds it. */
  async release(): Promise<void> {
    const text = await this.#read();
    if (text === undefined || parse(text)?.run !== runId(this.#folder)) return;
    await rm(this.#path, { force: true });
  }

  /** The link is there with its whole content, or another's is. */
  async #create(lock: Lock): Promise<boolean> {
    const draft = this.#aside();
    try {
      await writeFile(draft, JSON.stringify(lock));
      await link(draft, this.#path);
      return true;
    } catch (error) {
      if (hasCode(error, "EEXIST")) return false;
      throw withPath(error, this.#path);
    } finally {
      await rm(draft, { force: true });
    }
  }

  async #isHeld({ run, launcher }: Lock): Promise<boolean> {
    if (launcher && onThisHost(launcher) && (await isAlive(launcher))) return true;
    return hasLiveProcess(join(dirname(this.#folder), run)).catch(() => false);
  }

  /** Moves the lock away before it is removed: another process may just have taken it over. */
  async #removeStale(content: string): Promise<void> {
    const aside = this.#aside();
    try {
      await rename(this.#path, aside);
      if ((await readFile(aside, "utf8")) !== content) await link(aside, this.#path);
    } catch (error) {
      if (!isMissing(error) && !hasCode(error, "EEXIST")) throw error;
    } finally {
      await rm(aside, { force: true });
    }
  }

  #aside(): string {
    return `${this.#path}.${randomUUID().slice(0, 8)}`;
  }

  async #read(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, "utf8");
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

function parse(text: string): Lock | undefined {
  try {
    return Lock.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

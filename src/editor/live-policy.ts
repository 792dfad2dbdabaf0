import type { Edit } from "../policy/blocks.ts";
import { carryIds } from "../policy/compare.ts";
import { PolicyDocument } from "../policy/document.ts";
import { ModelClassifier, type CategoryModel } from "../policy/model-classifier.ts";
import type { ParsedPolicy } from "../policy/statement.ts";
import type { Logger } from "./logger.ts";
import { inSlices } from "./slices.ts";

export interface LivePolicyOptions {
  /** As it is reported. */
  path: string;
  /** What the policy said before, if it was read before: its statements keep their ids. */
  previous: ParsedPolicy | undefined;
  /** Asked by `refine` about the categories that the rules are not sure of. */
  model: CategoryModel | undefined;
  logger: Pick<Logger, "debug" | "warn">;
}

/** A policy that is open in an editor: loaded slice by slice, then read edit by edit. */
export class LivePolicy {
  readonly #path: string;
  readonly #logger: LivePolicyOptions["logger"];
  /** Rules alone where there is none. */
  readonly classifier: ModelClassifier | undefined;
  #parsed: ParsedPolicy | undefined;
  /** Undefined until a text is loaded. */
  #document: PolicyDocument | undefined;
  /** The edits since `#document` was read. */
  #edits: Edit[] = [];
  #editing: Promise<unknown> | undefined;
  /** Whether the model has something to say about the categories of `#document`. */
  #refinable = false;
  /** The number of the newest update. */
  #newest = 0;

  constructor({ path, previous, model, logger }: LivePolicyOptions) {
    this.#path = path;
    this.#parsed = previous;
    this.classifier = model && new ModelClassifier(model);
    this.#logger = logger;
  }

  /** Whether another update came after the one with this number. */
  #isStale(number: number): boolean {
    return number !== this.#newest;
  }

  /**
   * Reads the text as it stands now. After a small edit, all is done before this returns. While a
   * text is being loaded, an edit makes the loading begin anew.
   * @param edits what made the text of the last update this one, each as the one before left it.
   * @returns undefined when another update came before this one was done.
   */
  async update(text: string, edits: readonly Edit[]): Promise<ParsedPolicy | undefined> {
    const number = ++this.#newest;
    const loaded = this.#document;
    if (loaded === undefined) return this.#load(text, number);
    this.#edits.push(...edits);
    while (this.#editing !== undefined) await this.#editing.catch(() => undefined);
    if (this.#isStale(number)) return undefined;
    // An edit that failed has dropped it meanwhile.
    const document = this.#document;
    if (document === undefined) return this.#load(text, number);
    try {
      this.#editing = inSlices(document.edit(this.#edits.splice(0)));
      await this.#editing;
    } catch (error) {
      this.#document = undefined;
      throw error;
    } finally {
      this.#editing = undefined;
    }
    if (this.#isStale(number)) return undefined;
    if (document.text === text) return this.#keep(document.parsed);
    this.#logger.warn(`${this.#path} differs from its edits; it is read from scratch.`);
    return this.#load(text, number);
  }

  /** Whether there are categories that the model should decide. */
  get isRefinable(): boolean {
    return this.#refinable;
  }

  /**
   * Asks the model about the categories that the rules are not sure of.
   * @returns undefined when an update came meanwhile, whose own refinement takes the answers in.
   */
  async refine(): Promise<ParsedPolicy | undefined> {
    const number = this.#newest;
    await this.classifier?.answer();
    while (this.#editing !== undefined) await this.#editing.catch(() => undefined);
    const document = this.#document;
    if (this.#isStale(number) || document === undefined) return undefined;
    try {
      this.#editing = inSlices(document.review());
      await this.#editing;
    } finally {
      this.#editing = undefined;
    }
    if (this.#isStale(number)) return undefined;
    this.#refinable = false;
    return this.#keep(document.parsed);
  }

  async #load(text: string, number: number): Promise<ParsedPolicy | undefined> {
    const started = performance.now();
    const document = new PolicyDocument({
      path: this.#path,
      ...(this.classifier && { classifier: this.classifier }),
    });
    this.#document = undefined;
    this.#edits = [];
    const done = await inSlices(document.load(text), () => number === this.#newest);
    if (!done || number !== this.#newest) return undefined;
    this.#document = document;
    const parsed = this.#keep(document.parsed);
    const ms = Math.round(performance.now() - started);
    this.#logger.debug(`Read ${this.#path}: ${parsed.statements.length} statements in ${ms} ms`);
    return parsed;
  }

  #keep(parsed: ParsedPolicy): ParsedPolicy {
    if (this.classifier?.isWaiting) this.#refinable = true;
    const previous = this.#parsed?.statements;
    this.#parsed =
      previous === undefined
        ? parsed
        : { ...parsed, statements: carryIds(previous, parsed.statements) };
    return this.#parsed;
  }
}

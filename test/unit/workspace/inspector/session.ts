import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type DatasetLook,
  type DatasetQuery,
  DatasetSnapshot,
  firstLook,
  firstQuery,
  type FromInspector,
  type Judgement,
} from "../../../../src/protocol/dataset.ts";
import type { CptRow } from "../../../../src/synthesis/dataset.ts";
import { Inspector } from "../../../../src/workspace/inspector/inspector.ts";
import { smallDataset, temporaryFolder, writeDataset } from "../../training/fixture.ts";

/** An inspector, and what it sent. */
export class InspectorSession {
  readonly inspector: Inspector;
  readonly sent: FromInspector[] = [];
  #look: DatasetLook = firstLook;

  constructor() {
    this.inspector = new Inspector((message) => this.sent.push(message));
    onTestFinished(() => this.inspector.close());
  }

  static async open(folder: string, look: DatasetLook = firstLook): Promise<InspectorSession> {
    const session = new InspectorSession();
    await session.inspector.receive({ type: "open", folder, look });
    await session.inspector.settled();
    return session;
  }

  /** The newest snapshot, which fits the protocol as it would after a message. */
  get snapshot(): DatasetSnapshot {
    const last = this.sent.findLast((message) => message.type === "snapshot");
    if (!last) throw new Error(`No snapshot: ${JSON.stringify(this.sent)}`);
    return DatasetSnapshot.parse(JSON.parse(JSON.stringify(last.snapshot)));
  }

  /** What was said last, be it done, refused or a problem. */
  get said(): string {
    const last = this.sent.findLast((message) => message.type !== "snapshot");
    return last ? `${last.type}: ${last.message}` : "";
  }

  async look(change: Partial<DatasetLook>): Promise<DatasetSnapshot> {
    this.#look = { ...this.#look, ...change };
    await this.inspector.receive({ type: "look", look: this.#look });
    await this.inspector.settled();
    return this.snapshot;
  }

  query(change: Partial<DatasetQuery>): Promise<DatasetSnapshot> {
    return this.look({ query: { ...firstQuery, ...change } });
  }

  async judge(judgement: Judgement): Promise<string> {
    await this.inspector.receive(judgement);
    await this.inspector.settled();
    return this.said;
  }

  async watch(): Promise<DatasetSnapshot> {
    await this.inspector.watch();
    await this.inspector.settled();
    return this.snapshot;
  }

  count(facet: string, value: string): number {
    const { values } = this.snapshot.facets.find(({ name }) => name === facet)!;
    return values.find((entry) => entry.value === value)?.count ?? 0;
  }
}

export const small = (): Promise<string> => writeDataset(temporaryFolder());
export const dataset = smallDataset();

/** Puts lines at the end of a file of the dataset. */
export const append = (folder: string, file: string, text: string): Promise<void> =>
  appendFile(join(folder, file), text);

export const overwrite = (folder: string, file: string, text: string): Promise<void> =>
  writeFile(join(folder, file), text);

export const row = (id: string, text: string, more: Partial<CptRow> = {}): string =>
  `${JSON.stringify({ id, kind: "question", statements: [dataset.manifest.statements[0]!.id], text, ...more })}\n`;

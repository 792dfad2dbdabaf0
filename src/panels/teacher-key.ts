import * as vscode from "vscode";
import { tell } from "./reporting.ts";

/** Under this name VS Code keeps the key, encrypted by the system where it can. */
const secret = "ingrain.teachers.key";

/** The key of the OpenAI-compatible endpoint; it lies in VS Code's secret storage and nowhere else. */
export class TeacherKey {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  get(): Thenable<string | undefined> {
    return this.#secrets.get(secret);
  }

  async ask(): Promise<void> {
    const key = await vscode.window.showInputBox({
      title: "Set Teacher Key",
      prompt:
        "Key of the endpoint in the setting ingrain.teachers.baseUrl. VS Code keeps it as a secret.",
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        /^\s*$/.test(text) || /[^\x21-\x7e]/.test(text.trim())
          ? "A key has letters, digits and signs, and no spaces."
          : undefined,
    });
    if (key === undefined) return;
    await this.#secrets.store(secret, key.trim());
    await tell("information", "The teacher's key is kept.");
  }

  async remove(): Promise<void> {
    const had = (await this.get()) !== undefined;
    await this.#secrets.delete(secret);
    await tell("information", had ? "The teacher's key is removed." : "There is no teacher's key.");
  }
}

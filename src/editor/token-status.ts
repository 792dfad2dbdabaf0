import * as vscode from "vscode";
import { Command, Setting } from "../contributions.ts";
import { cachedTokenizers } from "../workspace/tokenizer-files.ts";
import type { ActivePolicy } from "./active-policy.ts";
import type { PolicyTokens } from "./policy-tokens.ts";
import { tokenStatus } from "./token-words.ts";

/** The token count of the active policy in the status bar. */
export class TokenStatus implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #tokens: PolicyTokens;
  readonly #subscription: vscode.Disposable;

  constructor(tokens: PolicyTokens) {
    this.#tokens = tokens;
    this.#item = vscode.window.createStatusBarItem(
      "ingrain.tokens",
      vscode.StatusBarAlignment.Right,
      100,
    );
    this.#item.name = "Policy Tokens";
    this.#item.command = Command.chooseTokenizer;
    this.#subscription = tokens.onDidChange(() => this.#show());
    this.#show();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #show(): void {
    const { counts } = this.#tokens;
    if (!counts) {
      this.#item.hide();
      return;
    }
    const { text, tooltip, label } = tokenStatus(counts);
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label, role: "button" };
    this.#item.show();
  }
}

/** Without a path, a file is to be chosen. */
type Choice = vscode.QuickPickItem & { path: string | undefined };

/** Asks what counts the tokens, and keeps the answer in the settings. */
export async function chooseTokenizer({ document }: ActivePolicy): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(undefined, document?.uri);
  const current = configuration.get<string>(Setting.tokenizer, "");
  const cached = await cachedTokenizers();
  const choices: Choice[] = [
    { label: "Estimate", description: "from words and marks, without a vocabulary", path: "" },
    ...cached.map(({ name, path }) => ({ label: name, description: "Hugging Face cache", path })),
    { label: "Choose File…", description: "a tokenizer.json", path: undefined },
  ];
  const known = choices.find(({ path }) => path === current);
  if (known) known.description = [known.description, "in use"].join(", ");
  else choices.splice(1, 0, { label: current, description: "in use", path: current });
  const choice = await vscode.window.showQuickPick(choices, { title: "Count tokens with" });
  if (!choice) return;
  const path = choice.path ?? (await chooseFile());
  if (path === undefined || path === current) return;
  // Where the setting is set, it is changed; else it is set for all windows.
  const { workspaceFolderValue, workspaceValue } =
    configuration.inspect<string>(Setting.tokenizer) ?? {};
  const target =
    workspaceFolderValue !== undefined
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : workspaceValue !== undefined
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
  const isDefault = path === "" && target === vscode.ConfigurationTarget.Global;
  await configuration.update(Setting.tokenizer, isDefault ? undefined : path, target);
}

async function chooseFile(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: "Choose a tokenizer.json",
    openLabel: "Use Tokenizer",
    filters: { Tokenizer: ["json"] },
  });
  return chosen?.[0]?.fsPath;
}

import * as vscode from "vscode";
import { InputError } from "../policy/errors.ts";

/** What we use of the API of VS Code's built-in Git extension, version 1. */
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): { getRepository(uri: vscode.Uri): Repository | null };
}

interface Repository {
  readonly state: { readonly HEAD: { name?: string; commit?: string } | undefined };
  show(ref: string, path: string): Promise<string>;
  log(options: { maxEntries: number; path: string }): Promise<Commit[]>;
  getRefs(query: object): Promise<{ type: number; name?: string; commit?: string }[]>;
}

interface Commit {
  hash: string;
  message: string;
  authorDate?: Date;
}

/** A version of a file that a person may choose. */
export interface GitVersion {
  /** What Git knows it by. */
  ref: string;
  /** What a person knows it by. */
  label: string;
  description: string;
  group: "head" | "commit" | "ref";
}

const shownCommits = 50;
const shortHash = (hash: string) => hash.slice(0, 7);

/** A file in a Git repository, through VS Code's built-in Git extension. */
export class GitFile {
  readonly #repository: Repository;
  readonly #path: string;

  private constructor(repository: Repository, path: string) {
    this.#repository = repository;
    this.#path = path;
  }

  /** @throws InputError when there is no Git, no repository or no commit yet: one line. */
  static async open(uri: vscode.Uri): Promise<GitFile> {
    const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
    if (!extension) {
      const hint = vscode.workspace.isTrusted
        ? "Enable VS Code's built-in extension Git."
        : "Trust this workspace first.";
      throw new InputError("Git is not available in this window.", hint);
    }
    const git = await extension.activate();
    if (!git.enabled) {
      const hint = "Install Git, and check the setting git.enabled.";
      throw new InputError("VS Code found no Git, or it is switched off.", hint);
    }
    const repository = git.getAPI(1).getRepository(uri);
    if (!repository) {
      throw new InputError("The policy lies in no Git repository that VS Code has open.");
    }
    if (repository.state.HEAD?.commit === undefined) {
      throw new InputError("The repository has no commit yet.");
    }
    return new GitFile(repository, uri.fsPath);
  }

  /** HEAD, the newest commits that changed the file, then branches and tags. */
  async versions(): Promise<GitVersion[]> {
    const [commits, refs] = await Promise.all([
      this.#repository.log({ maxEntries: shownCommits, path: this.#path }),
      this.#repository.getRefs({}),
    ]);
    const { HEAD } = this.#repository.state;
    const head: GitVersion = {
      ref: "HEAD",
      label: "HEAD",
      description: HEAD?.name ?? shortHash(HEAD?.commit ?? ""),
      group: "head",
    };
    return [
      head,
      ...commits.map(({ hash, message, authorDate }): GitVersion => {
        const day = authorDate?.toISOString().slice(0, 10);
        return {
          ref: hash,
          label: message.split("\n", 1)[0]!,
          description: [shortHash(hash), day].filter((part) => part !== undefined).join(" · "),
          group: "commit",
        };
      }),
      ...refs.flatMap(({ name, commit }): GitVersion[] =>
        name === undefined
          ? []
          : [{ ref: name, label: name, description: shortHash(commit ?? ""), group: "ref" }],
      ),
    ];
  }

  /** @throws InputError when the version does not have the file. */
  async show({ ref, group }: GitVersion): Promise<string> {
    try {
      return await this.#repository.show(ref, this.#path);
    } catch {
      const name = group === "commit" ? shortHash(ref) : ref;
      throw new InputError(
        `The policy is not in ${name}, or had another name then.`,
        "Choose a newer version.",
      );
    }
  }
}

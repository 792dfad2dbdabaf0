import * as vscode from "vscode";
import type { Message } from "../synthesis/dataset.ts";
import {
  TeacherError,
  type TeacherOptions,
  type TeacherPort,
  type TeacherReply,
} from "../synthesis/teacher.ts";

/** A language model that the user has in VS Code; VS Code asks for consent at its first use. */
export class LanguageModelTeacher implements TeacherPort {
  readonly #chat: vscode.LanguageModelChat;
  readonly #justification: string;
  readonly name: string;
  readonly model: string;

  /** @param justification tells the user why the model is asked. */
  constructor(chat: vscode.LanguageModelChat, justification: string) {
    this.#chat = chat;
    this.#justification = justification;
    this.name = chat.name;
    this.model = [chat.vendor, chat.id, chat.version].join("/");
  }

  async complete(
    messages: readonly Message[],
    { signal, temperature, maxTokens }: TeacherOptions,
  ): Promise<TeacherReply> {
    const cancellation = new vscode.CancellationTokenSource();
    const cancel = () => cancellation.cancel();
    signal.addEventListener("abort", cancel);
    if (signal.aborted) cancel();
    try {
      const sent = messages.map(toChatMessage);
      const { token } = cancellation;
      const response = await this.#chat.sendRequest(
        sent,
        { justification: this.#justification, modelOptions: modelOptions(temperature, maxTokens) },
        token,
      );
      let text = "";
      for await (const part of response.text) text += part;
      // A model may end its answer when it is cancelled, as if that were all.
      if (signal.aborted) throw cancelled();
      const counts = await Promise.all(sent.map((message) => this.#chat.countTokens(message)));
      const prompt = counts.reduce((sum, count) => sum + count, 0);
      return { text, usage: { prompt, completion: await this.#chat.countTokens(text) } };
    } catch (error) {
      throw signal.aborted ? cancelled() : asTeacherError(error, this.name);
    } finally {
      signal.removeEventListener("abort", cancel);
      cancellation.dispose();
    }
  }
}

const cancelled = () => new TeacherError("cancelled", "The question was cancelled.");

/** VS Code's models know no system messages: what they say goes first, as the user's. */
function toChatMessage({ role, content }: Message): vscode.LanguageModelChatMessage {
  return role === "assistant"
    ? vscode.LanguageModelChatMessage.Assistant(content)
    : vscode.LanguageModelChatMessage.User(content);
}

/** Options that are left to the model are not named at all. */
function modelOptions(temperature: number | undefined, maxTokens: number | undefined) {
  return {
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  };
}

/** Errors as VS Code tells them: consent refused, a quota used up, a model that is gone. */
function asTeacherError(error: unknown, model: string): TeacherError {
  if (error instanceof TeacherError) return error;
  const message =
    error instanceof Error ? error.message.replace(/\s+/g, " ").trim() : String(error);
  const code = error instanceof vscode.LanguageModelError ? error.code : undefined;
  switch (code) {
    case vscode.LanguageModelError.NoPermissions.name:
      return new TeacherError("forbidden", `Ingrain may not use ${model}: ${message}`, {
        cause: error,
      });
    case vscode.LanguageModelError.Blocked.name:
      return new TeacherError("quota", `${model} takes no questions now: ${message}`, {
        cause: error,
      });
    case vscode.LanguageModelError.NotFound.name:
      return new TeacherError("unavailable", `${model} is not available any more.`, {
        cause: error,
      });
    default:
      return new TeacherError("failed", `${model} did not answer: ${message}`, { cause: error });
  }
}

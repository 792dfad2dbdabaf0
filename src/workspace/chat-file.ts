import { z } from "zod";
import { InputError } from "../policy/errors.ts";

/** What a model answered, and what its prompt cost. */
export const ChatAnswer = z.object({
  text: z.string(),
  /** It was stopped or cut off before its end. */
  incomplete: z.boolean().optional(),
  /** Tokens of the prompt: as it was, and with the policy in it. */
  prompt: z
    .object({ withoutPolicy: z.int(), withPolicy: z.int(), estimated: z.boolean() })
    .optional(),
});
export type ChatAnswer = z.infer<typeof ChatAnswer>;

/** A note is Markdown, and begins a new conversation. */
export const ChatCell = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("note"), text: z.string() }),
  z.object({ kind: z.literal("question"), text: z.string(), answer: ChatAnswer.optional() }),
]);
export type ChatCell = z.infer<typeof ChatCell>;

/** `*.ingrain-chat`: questions to the model of a run, and its answers. */
export const Chat = z.object({
  version: z.literal(1),
  /** The id of the run; absent until one is chosen. */
  run: z.string().optional(),
  cells: z.array(ChatCell),
});
export type Chat = z.infer<typeof Chat>;

/** An empty file is an empty chat. @throws InputError for anything else that is no chat. */
export function parseChat(text: string): Chat {
  if (text.trim() === "") return { version: 1, cells: [] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError("this is no chat of Ingrain: the file is not JSON");
  }
  const parsed = Chat.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new InputError(`this is no chat of Ingrain: ${path.join(".")}: ${message}`);
}

export function formatChat(chat: Chat): string {
  return `${JSON.stringify(chat, null, 2)}\n`;
}

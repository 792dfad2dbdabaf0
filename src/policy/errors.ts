/**
 * The input or the call is wrong: the message is one line that says what and where. The command
 * line answers it with exit code 2, the editor with a notification; it never carries a stack trace
 * to a user.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  /** What the user can do about it, when there is one thing. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Training cannot go on: the message says why, the hint what the user can do. */
export class TrainingError extends Error {
  override readonly name = "TrainingError";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

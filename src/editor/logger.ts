/** Where the extension writes what happens; VS Code's `LogOutputChannel` is one. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string | Error): void;
}

/** A command line that a POSIX shell reads back as these arguments. */
export function shellCommand(args: readonly string[]): string {
  return args.map(quote).join(" ");
}

/** Single quotes keep everything but themselves (POSIX.1-2017, Shell Command Language, 2.2.2). */
function quote(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

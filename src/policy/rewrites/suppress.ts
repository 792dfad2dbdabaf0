import type { Edit } from "../blocks.ts";
import { lineBreakOf } from "../lines.ts";
import { frontMatterEnd } from "../front-matter-end.ts";
import { endBefore, placesOf } from "./comment.ts";
import { applied, regionOf, type Read, type Rewrite, type Target } from "./rewrite.ts";

/** Silences a rule at one statement, by a comment before it. */
export async function suppressHere(
  target: Target,
  rule: string,
  read: Read,
): Promise<Rewrite | undefined> {
  const title = `Suppress ${rule} for This Statement`;
  const { text, statement } = target;
  const from = endBefore(target);
  const written =
    /<!--[ \t]*ingrain-disable-next-statement(?:[ \t,]+[\w-]+)+(?<end>[ \t]*-->)/.exec(
      text.slice(from, statement.start),
    );
  if (written !== null) {
    const at = from + written.index + written[0].length - written.groups!["end"]!.length;
    return { title, edits: [{ start: at, end: at, text: ` ${rule}` }] };
  }
  const region = await regionOf(target, read);
  if (region === undefined) return undefined;
  const texts = region.statements.map((known) => known.text).join("\n");
  const comment = `<!-- ingrain-disable-next-statement ${rule} -->`;
  for (const edit of placesOf(target, comment)) {
    const after = (await read(applied(region, [edit]))).map((known) => known.text);
    if (after.join("\n") === texts) return { title, edits: [edit] };
  }
  return undefined;
}

/** Silences a rule in the file, by a comment below the front matter. */
export function suppressEverywhere(text: string, rule: string): Rewrite {
  const title = `Suppress ${rule} in This File`;
  const written = /<!--[ \t]*ingrain-disable(?:[ \t,]+[\w-]+)+(?<end>[ \t]*-->)/.exec(text);
  if (written !== null) {
    const at = written.index + written[0].length - written.groups!["end"]!.length;
    return { title, edits: [{ start: at, end: at, text: ` ${rule}` }] };
  }
  const at = frontMatterEnd(text);
  const line = lineBreakOf(text);
  const edit: Edit = {
    start: at,
    end: at,
    text: `${at === 0 ? "" : line}<!-- ingrain-disable ${rule} -->${line}${at === 0 ? line : ""}`,
  };
  return { title, edits: [edit] };
}

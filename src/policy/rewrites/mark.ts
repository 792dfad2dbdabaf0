import type { Edit } from "../blocks.ts";
import type { Category, Statement } from "../statement.ts";
import { endBefore, placesOf } from "./comment.ts";
import { applied, regionOf, type Read, type Region, type Rewrite, type Target } from "./rewrite.ts";

const names: readonly (readonly [Category, string])[] = [
  ["factual", "Fact"],
  ["behavioral", "Behavior"],
  ["simple-conditional", "Simple Condition"],
  ["complex-conditional", "Complex Condition"],
];

/**
 * Writes the author's word on a statement's category: `<!-- ingrain: factual -->`. Offered only
 * where reading the result gives this statement that category and leaves all others alone.
 */
export async function markings(target: Target, read: Read): Promise<Rewrite[]> {
  const region = await regionOf(target, read);
  if (region === undefined) return [];
  const { statement } = target;
  const rewrites: Rewrite[] = [];
  for (const [category, name] of names) {
    if (statement.decidedBy === "author" && statement.category === category) continue;
    for (const edit of candidates(target, category)) {
      if (!isHonoured(region, await read(applied(region, [edit])), category)) continue;
      rewrites.push({ title: `Mark as ${name}`, edits: [edit] });
      break;
    }
  }
  return rewrites;
}

function* candidates(target: Target, category: Category): Generator<Edit> {
  const { text, statement } = target;
  const from = endBefore(target);
  const written = [
    ...text.slice(from, statement.end).matchAll(/<!--\s*ingrain:\s*(?<word>[\w-]*)\s*-->/g),
  ];
  const last = written.at(-1);
  if (last === undefined) {
    yield* placesOf(target, `<!-- ingrain: ${category} -->`);
    return;
  }
  const start = from + last.index;
  yield { start, end: start + last[0].length, text: `<!-- ingrain: ${category} -->` };
}

function isHonoured(region: Region, after: readonly Statement[], category: Category): boolean {
  return (
    after.length === region.statements.length &&
    after.every((statement, i) => {
      const before = region.statements[i]!;
      if (statement.text !== before.text) return false;
      return i === region.index
        ? statement.category === category && statement.decidedBy === "author"
        : sameVerdict(statement, before);
    })
  );
}

function sameVerdict(a: Statement, b: Statement): boolean {
  return a.category === b.category && a.decidedBy === b.decidedBy;
}

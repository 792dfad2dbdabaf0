import { findHeadings } from "../policy/headings.ts";
import type { Span, Statement } from "../policy/statement.ts";

/** A heading with what stands under it. */
export interface Section {
  /** Its heading path and its number among equal ones: stable while other sections change. */
  id: string;
  title: string;
  heading: Span;
  /** Where it ends: at the next heading that is not below it, or with the document. */
  end: number;
  /** Its own statements, not those of the sections below it. */
  statements: Statement[];
  sections: Section[];
}

/** A policy by its headings. */
export interface Outline {
  /** What stands before the first heading. */
  statements: Statement[];
  sections: Section[];
}

/** Lenses, symbols, view and counts ask for the outline of the same reading. */
const outlines = new WeakMap<readonly Statement[], { source: string; outline: Outline }>();

/**
 * The headings of a policy, nested, with the statements under them, in the order of the document.
 * @param statements as they were read from `source`.
 */
export function outlineOf(source: string, statements: readonly Statement[]): Outline {
  const known = outlines.get(statements);
  if (known?.source === source) return known.outline;
  const outline = buildOutline(source, statements);
  outlines.set(statements, { source, outline });
  return outline;
}

function buildOutline(source: string, statements: readonly Statement[]): Outline {
  const outline: Outline = { statements: [], sections: [] };
  const ids = new Map<string, number>();
  const stack: { depth: number; section: Section }[] = [];
  const closeTo = (depth: number, end: number) => {
    while ((stack.at(-1)?.depth ?? 0) >= depth) stack.pop()!.section.end = end;
  };
  let next = 0;
  const take = (before: number) => {
    for (; (statements[next]?.start ?? Infinity) < before; next++) {
      const statement = statements[next]!;
      (stack.at(-1)?.section ?? outline).statements.push(statement);
      // The parser reads a heading's words better than the scan that found its place.
      if (statement.section.length !== stack.length) continue;
      stack.forEach(({ section }, i) => (section.title = statement.section[i]!));
    }
  };
  for (const { start, end, depth, text } of findHeadings(source)) {
    take(start);
    closeTo(depth, start);
    const path = JSON.stringify([...stack.map(({ section }) => section.title), text]);
    const number = (ids.get(path) ?? 0) + 1;
    ids.set(path, number);
    const section: Section = {
      id: `${path}#${number}`,
      title: text,
      heading: { start, end },
      end: source.length,
      statements: [],
      sections: [],
    };
    (stack.at(-1)?.section ?? outline).sections.push(section);
    stack.push({ depth, section });
  }
  take(Infinity);
  return outline;
}

/** Every section, a parent before those below it. */
export function sectionsIn({ sections }: Pick<Outline, "sections">): Section[] {
  return sections.flatMap((section) => [section, ...sectionsIn(section)]);
}

/** The statements of a section and of all sections below it. */
export function statementsIn({ statements, sections }: Outline): Statement[] {
  return [...statements, ...sections.flatMap(statementsIn)];
}

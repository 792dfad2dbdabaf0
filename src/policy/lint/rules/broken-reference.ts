import type { Span } from "../../statement.ts";
import { type Outline, slugOf } from "../outline.ts";
import type { Problem, Rule, Subject } from "../rule.ts";

/** A link or a "see step 6" that leads nowhere in this document. */
export const brokenReference: Rule = {
  severity: "warning",
  *check(subject: Subject): Iterable<Problem> {
    yield* brokenAnchors(subject);
    yield* missingPlaces(subject);
    yield* missingTitles(subject);
  },
};

/** `[Holding](#holding)` where no heading makes that anchor. */
function* brokenAnchors({ text, prose, outline }: Subject): Iterable<Problem> {
  for (const match of text.matchAll(/(?<=\]\()#(?<anchor>[^)\s"]*)(?=\)|\s+")/g)) {
    const anchor = match.groups!["anchor"]!;
    const start = match.index;
    // In code nothing is a link: there the bracket before it is blank, too.
    if (prose[start - 2] !== "]" || outline.anchors.has(decode(anchor).toLowerCase())) continue;
    const place = { start, end: start + match[0].length };
    const near = nearest(decode(anchor).toLowerCase(), outline.anchors);
    yield {
      ...place,
      message: `No heading here has the anchor “#${anchor}”.`,
      ...(near === undefined
        ? {}
        : { fix: { title: `Link to “#${near}”`, edits: [{ ...place, text: `#${near}` }] } }),
    };
  }
}

function decode(anchor: string): string {
  try {
    return decodeURIComponent(anchor);
  } catch {
    return anchor;
  }
}

/** The only anchor that is a slip of the pen away. */
function nearest(anchor: string, anchors: ReadonlySet<string>): string | undefined {
  const wanted = slugOf(anchor.replaceAll("_", "-"));
  const near = [...anchors].filter((known) => known.length > 3 && isSlip(wanted, known));
  return near.length === 1 ? near[0] : undefined;
}

/** At most one letter more, less, other, or two swapped; or one is the beginning of the other. */
function isSlip(a: string, b: string): boolean {
  if (a === b) return true;
  if (a.length > 5 && (b.startsWith(`${a}-`) || a.startsWith(`${b}-`))) return true;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  let back = 0;
  while (back < Math.min(a.length, b.length) - from && a.at(-1 - back) === b.at(-1 - back)) back++;
  const [restA, restB] = [a.slice(from, a.length - back), b.slice(from, b.length - back)];
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restA === `${restB[1]}${restB[0]}`;
}

const kinds = "step|section|chapter|article|part|path|phase|stage|appendix|annex|schedule|table";
const numbered = new RegExp(
  String.raw`(?<![\w-])(?<kind>${kinds})[ \t]+(?<number>\d{1,3}(?:\.\d{1,3})*|[A-Z](?:\.\d{1,3})*)(?![\w%€$-]|\.\d)(?<after>[^.;\n]{0,40})`,
  "gi",
);

/** "Proceed to Step 6" where there is a Step 5 and no Step 6. */
function* missingPlaces({ prose, statements, outline }: Subject): Iterable<Problem> {
  const titles = titlesOf(prose, outline);
  for (const { start, end } of statements) {
    for (const match of prose.slice(start, end).matchAll(numbered)) {
      const { kind, number, after } = match.groups as Record<"kind" | "number" | "after", string>;
      if (/^[ \t]+(?:of|in|under)\b/.test(after) || /^[A-Z]$/.test(number)) continue;
      const at = start + match.index;
      const place = {
        start: at,
        end: at + kind.length + match[0].slice(kind.length).indexOf(number) + number.length,
      };
      if (elsewhere.test(prose.slice(Math.max(0, at - 60), at))) continue;
      if (isForeign(kind.toLowerCase(), number, prose.slice(0, at), titles)) continue;
      if (exists(kind.toLowerCase(), number, place, titles, outline)) continue;
      yield { ...place, message: `There is no ${kind} ${number} in this document.` };
    }
  }
}

/** Words before a number that belongs to another document: "the Fair Trading Act, section 12". */
const elsewhere =
  /\b(?:act|law|code|regulation|gdpr|statute|agreement|terms|contract|form|iso|title|directive|treaty)\b[^.;]{0,20}$/i;

/** "Under section 75": more than the document has sections, or it numbers none, is another's. */
function isForeign(
  kind: string,
  number: string,
  before: string,
  titles: readonly Title[],
): boolean {
  if (kind !== "section") return false;
  const first = Number.parseInt(number, 10);
  const last = Math.max(0, ...titles.map((title) => Number.parseInt(title.number, 10) || 0));
  const asks = /\b(?:see|follow|refer to|go to)\s+(?:the\s+)?$/i.test(before.slice(-20));
  return first > last + 3 && !(asks && first <= 20);
}

interface Title {
  /** Undefined for a number alone: "4.2 Refunds" may be a section or a step. */
  kind: string | undefined;
  number: string;
}

/** What lines call themselves: "### Step 2.1: …", "**Section 4.** …", "4.2 Refunds". */
function titlesOf(prose: string, { headings }: Outline): Title[] {
  const line = new RegExp(
    String.raw`^[ \t#>*_+-]{0,40}(?:\d{1,4}[.)][ \t]+)?[*_]*(?<kind>${kinds})[ \t]+(?<number>\d+(?:\.\d+)*|[A-Z](?:\.\d+)*)\b(?=\s*(?:[.:)*_–—-]|$))`,
    "gim",
  );
  const named = [...prose.matchAll(line)].map(({ groups }): Title => ({
    kind: groups!["kind"]!.toLowerCase(),
    number: groups!["number"]!,
  }));
  const bare = [
    ...headings.map(({ text }) => text),
    ...[...prose.matchAll(/^[ \t>*_-]{0,40}(\d{1,4}(?:\.\d{1,4})*[.)]?)[ \t]+\S/gm)].map(([text]) =>
      text.trim(),
    ),
  ].flatMap((text): Title[] => {
    const number = /^[*_]*(\d+(?:\.\d+)*|[A-Z](?:\.\d+)*)[.):]?(?=\s|$)/.exec(text)?.[1];
    return number === undefined ? [] : [{ kind: undefined, number }];
  });
  const inHeadings = headings.flatMap(({ text }): Title[] => {
    const match = new RegExp(`\\b(${kinds}) (\\d+(?:\\.\\d+)*|[A-Z])\\b`, "i").exec(text);
    return match === null ? [] : [{ kind: match[1]!.toLowerCase(), number: match[2]! }];
  });
  return [...named, ...inHeadings, ...bare];
}

function exists(
  kind: string,
  number: string,
  place: Span,
  titles: readonly Title[],
  { headings }: Outline,
): boolean {
  const ofKind = titles.filter((title) => title.kind === kind);
  if (ofKind.some((title) => title.number === number)) return true;
  const [letter, item] = /^([A-Z])\.(\d+)$/.exec(number)?.slice(1) ?? [];
  if (letter !== undefined) {
    return headings.some(
      ({ text, steps }) => text.startsWith(`${letter}.`) && Number(item) <= steps,
    );
  }
  const section = headings.findLast(({ start }) => start <= place.start);
  if (kind === "step") {
    if (Number(number) <= (section?.steps ?? 0)) return true;
    // Where steps have titles, the numbers of other lists are no steps.
    return ofKind.length === 0 && headings.some(({ steps }) => Number(number) <= steps);
  }
  if (kind === "section") return titles.some((title) => title.number === number);
  // Other kinds are checked only where the document has a series of them.
  return ofKind.length === 0;
}

const titled =
  /\b(?:see|refer to|described in|explained in|set out in|listed in|according to|under|follow)\s+(?:the\s+)?(?:section\s+["“](?<after>[^"”\n]{2,80})["”]|["“](?<before>[^"”\n]{2,80})["”]\s+section)/gi;

/** 'See the section "Refunds"' where no heading says Refunds. */
function* missingTitles({ prose, statements, outline }: Subject): Iterable<Problem> {
  const slugs = outline.headings.map(({ text }) => slugOf(text));
  for (const { start, end } of statements) {
    for (const match of prose.slice(start, end).matchAll(titled)) {
      const title = (match.groups!["after"] ?? match.groups!["before"])!;
      const slug = slugOf(title.replace(/[.,;:]$/, ""));
      if (slugs.some((known) => known.includes(slug))) continue;
      const at = start + match.index + match[0].indexOf(title);
      yield {
        start: at,
        end: at + title.length,
        message: `No heading here is called “${title}”.`,
      };
    }
  }
}

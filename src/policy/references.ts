import type { Condition, Decision, DecisionNode } from "./statement.ts";

const kinds =
  "step path section paragraph article rule part chapter appendix annex schedule clause stage phase"
    .split(" ")
    .map((kind) => `[${kind[0]!.toUpperCase()}${kind[0]!}]${kind.slice(1)}`)
    .join("|");
const label = String.raw`\d{1,3}(?:\.\d{1,3}){0,5}[a-z]?|[A-Z](?:\.\d{1,3}){0,5}`;
const reference = new RegExp(String.raw`\b(${kinds}) (${label})(?![\w-]|\.\d)`, "gu");
/** A heading that begins with its label: "Step 2.1: Pay", "4. Fees", "B) Fees"; not "A word on fees". */
const labelled = new RegExp(
  String.raw`^(?:(${kinds}) (${label})(?![\w-]|\.\d)|(${label})(?:[.:)]\s|(?<=\d) ))`,
  "u",
);
/** Words with capitals in a row, as titles are written. */
const title =
  /\p{Lu}[\p{L}\p{N}’'&-]*(?: (?:\p{Lu}[\p{L}\p{N}’'&-]*|and|or|of|for|the|to|in|on|with|a|an))+/gu;

/**
 * Says for each condition and outcome of a decision which section of the document its words mean:
 * by the label of the section's heading ("Step 2.1.3", "Section 4") or by its title ("Late
 * Parcels").
 *
 * @param from the heading path where the decision stands
 */
export function resolveReferences(
  decision: Decision,
  from: readonly string[],
  sections: Sections,
): Decision {
  const resolved = <T extends { text: string }>(part: T): T & { refersTo?: string[] } => {
    const refersTo = sections.meantBy(part.text, from);
    return refersTo === undefined ? part : { ...part, refersTo };
  };
  const walk = (node: DecisionNode): DecisionNode => {
    if (node.kind === "test") return { ...node, yes: walk(node.yes), no: walk(node.no) };
    return node.kind === "outcome" ? resolved(node) : node;
  };
  return {
    ...decision,
    conditions: decision.conditions.map((condition): Condition => resolved(condition)),
    tree: walk(decision.tree),
  };
}

/** The headings of a document, by what a reference calls them. */
export class Sections {
  readonly #paths = new Map<string, string[][]>();

  /** @param sections the heading paths of a document's statements, in order. */
  constructor(sections: Iterable<readonly string[]>) {
    const seen = new Set<string>();
    for (const section of sections) {
      for (let depth = section.length; depth > 0; depth--) {
        const path = section.slice(0, depth);
        const key = path.join("\n");
        // What is above a path that was seen was seen, too.
        if (seen.has(key)) break;
        seen.add(key);
        const heading = path.at(-1)!;
        this.#add(heading.toLowerCase(), path);
        const [, kind, name, bare] = labelled.exec(heading) ?? [];
        if (name !== undefined) this.#add(`${kind!} ${name}`.toLowerCase(), path);
        if (bare !== undefined) this.#add(bare.toLowerCase(), path);
      }
    }
  }

  /** @param from the heading path where the words stand: of several, the nearest section is meant. */
  meantBy(text: string, from: readonly string[]): string[] | undefined {
    for (const [, kind, name] of text.matchAll(reference)) {
      const paths =
        this.#paths.get(`${kind!} ${name!}`.toLowerCase()) ?? this.#paths.get(name!.toLowerCase());
      if (paths !== undefined) return nearest(paths, from);
    }
    for (const [words] of text.matchAll(title)) {
      const paths = this.#paths.get(words.toLowerCase());
      // A section that speaks of its own subject refers to nothing.
      if (
        paths !== undefined &&
        !from.some((heading) => heading.toLowerCase() === words.toLowerCase())
      )
        return nearest(paths, from);
    }
    return undefined;
  }

  #add(key: string, path: string[]): void {
    const known = this.#paths.get(key);
    if (known === undefined) this.#paths.set(key, [path]);
    else known.push(path);
  }
}

function nearest(paths: readonly string[][], from: readonly string[]): string[] {
  const shared = (path: readonly string[]): number => {
    const differs = path.findIndex((heading, i) => heading !== from[i]);
    return differs < 0 ? path.length : differs;
  };
  return paths.reduce((best, path) => (shared(path) > shared(best) ? path : best));
}

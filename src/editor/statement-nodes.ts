import type { Category, Statement } from "../policy/statement.ts";
import { categoryWord } from "../protocol/words.ts";
import { type Outline, type Section, statementsIn } from "./sections.ts";

export type Grouping = "section" | "category";

/** What the Statements view shows: a heading or a category with what belongs to it, or a statement. */
export type StatementNode = SectionNode | CategoryNode | StatementLeaf;

export interface SectionNode {
  kind: "section";
  section: Section;
  children: StatementNode[];
  parent: StatementNode | undefined;
}

export interface CategoryNode {
  kind: "category";
  category: Category;
  children: StatementNode[];
  parent: undefined;
}

export interface StatementLeaf {
  kind: "statement";
  statement: Statement;
  parent: StatementNode | undefined;
}

/**
 * The nodes of the view. Sections and categories without a statement that matches are left out.
 * @param filter see {@link matches}.
 */
export function nodesOf(outline: Outline, grouping: Grouping, filter: string): StatementNode[] {
  const fits = (statement: Statement) => matches(statement, filter);
  return grouping === "section"
    ? nodesOfSection(outline, undefined, fits)
    : nodesOfCategories(statementsIn(outline).filter(fits));
}

type Fits = (statement: Statement) => boolean;

function nodesOfSection(
  { statements, sections }: Outline,
  parent: SectionNode | undefined,
  fits: Fits,
): StatementNode[] {
  const nodes: StatementNode[] = statements.filter(fits).map((statement) => ({
    kind: "statement",
    statement,
    parent,
  }));
  for (const section of sections) {
    const node: SectionNode = { kind: "section", section, children: [], parent };
    node.children = nodesOfSection(section, node, fits);
    if (node.children.length > 0) nodes.push(node);
  }
  return nodes;
}

function nodesOfCategories(statements: readonly Statement[]): StatementNode[] {
  return (Object.keys(categoryWord) as Category[]).flatMap((category) => {
    const node: CategoryNode = { kind: "category", category, children: [], parent: undefined };
    node.children = statements
      .filter((statement) => statement.category === category)
      .map((statement) => ({ kind: "statement", statement, parent: node }));
    return node.children.length > 0 ? [node] : [];
  });
}

/**
 * Whether a statement matches every word of a filter, in its text or its headings, whatever the
 * case. A word that begins with `@` is the beginning of a category's name or word: `@fact`, `@if`,
 * `@complex`.
 */
export function matches(statement: Statement, filter: string): boolean {
  const { category, section, text } = statement;
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const content = [text, ...section].join("\n").toLowerCase();
  return words.every((word) =>
    word.startsWith("@")
      ? [category, categoryWord[category]].some((name) => name.startsWith(word.slice(1)))
      : content.includes(word),
  );
}

/** Every node below these, themselves included. */
export function* nodesBelow(nodes: readonly StatementNode[]): Generator<StatementNode> {
  for (const node of nodes) {
    yield node;
    if (node.kind !== "statement") yield* nodesBelow(node.children);
  }
}

/** How many statements stand under these nodes. */
export function countStatements(nodes: readonly StatementNode[]): number {
  return [...nodesBelow(nodes)].filter(({ kind }) => kind === "statement").length;
}

import type { Statement } from "../policy/statement.ts";

/** A heading with what stands under it, or a statement. */
export type StatementNode =
  | { kind: "section"; title: string; path: string; children: StatementNode[] }
  | { kind: "statement"; statement: Statement };

/** The statements of a policy under their headings, in the order of the document. */
export function nestStatements(statements: readonly Statement[]): StatementNode[] {
  const top: StatementNode[] = [];
  for (const statement of statements) {
    let level = top;
    statement.section.forEach((title, depth) => {
      const path = JSON.stringify(statement.section.slice(0, depth + 1));
      const known = level.find((node) => node.kind === "section" && node.path === path);
      const section = known?.kind === "section" ? known : newSection(title, path);
      if (section !== known) level.push(section);
      level = section.children;
    });
    level.push({ kind: "statement", statement });
  }
  return top;
}

function newSection(title: string, path: string) {
  return { kind: "section" as const, title, path, children: [] as StatementNode[] };
}

/** How many statements stand under these nodes. */
export function countStatements(nodes: readonly StatementNode[]): number {
  return nodes.reduce(
    (sum, node) => sum + (node.kind === "section" ? countStatements(node.children) : 1),
    0,
  );
}

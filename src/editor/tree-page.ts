import { escapeHtml, renderStill } from "../panels/page.ts";
import { drawSvg, type Palette } from "../policy/draw-svg.ts";
import { drawText } from "../policy/draw.ts";
import type { Decision, Statement } from "../policy/statement.ts";

/** A page follows the theme by itself. */
const palette: Palette = {
  text: "var(--vscode-editor-foreground)",
  line: "var(--vscode-descriptionForeground)",
  question: "var(--vscode-ingrain-complexConditional)",
  outcome: "var(--vscode-ingrain-behavioral)",
  box: "var(--vscode-editor-background)",
};

/** The page of one statement's decision tree: its words, the picture, and the tree as text. */
export function renderTree(
  { text, decision }: Pick<Statement, "text"> & { decision: Decision },
  cspSource: string,
): string {
  return renderStill(
    { title: "Decision Tree", cspSource, styles: [] },
    [
      `<p>${escapeHtml(text)}</p>`,
      drawSvg(decision, palette),
      `<details><summary>As text</summary><pre>${escapeHtml(drawText(decision))}</pre></details>`,
    ].join("\n"),
  );
}

export function renderNoTree(cspSource: string): string {
  return renderStill(
    { title: "Decision Tree", cspSource, styles: [] },
    "<p>This statement is gone, or states no condition any more.</p>",
  );
}

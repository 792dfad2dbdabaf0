import { drawSvg, type Palette } from "../policy/draw-svg.ts";
import type { Decision } from "../policy/statement.ts";

/**
 * A picture in a hover stands outside the page and knows none of its colours: one palette for each
 * kind of theme, by the number that `vscode.ColorThemeKind` gives it.
 */
const palettes: Readonly<Record<number, Palette>> = {
  1: {
    text: "#1f1f1f",
    line: "#616161",
    question: "#652d90",
    outcome: "#388a34",
    box: "#ffffff",
  },
  2: {
    text: "#cccccc",
    line: "#9d9d9d",
    question: "#b180d7",
    outcome: "#89d185",
    box: "#1f1f1f",
  },
  3: {
    text: "#ffffff",
    line: "#ffffff",
    question: "#d8b4fe",
    outcome: "#7ce38b",
    box: "#000000",
  },
  4: {
    text: "#000000",
    line: "#292929",
    question: "#5b2a86",
    outcome: "#1b5e20",
    box: "#ffffff",
  },
};

/** Characters of a data URI; a bigger picture makes a hover slow, and nobody can take it in there. */
const maxSize = 16_000;
/** Pixels; a wider picture would be shrunk until its words cannot be read. */
const maxWidth = 740;

/**
 * The tree as the address of an image.
 *
 * @param theme a `vscode.ColorThemeKind`.
 * @returns undefined when the picture is too big for a hover.
 */
export function pictureOf(decision: Decision, theme: number): string | undefined {
  const svg = drawSvg(decision, palettes[theme] ?? palettes[2]!);
  if (Number(/ width="(\d+)/.exec(svg)?.[1]) > maxWidth) return undefined;
  const uri = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  return uri.length > maxSize ? undefined : uri;
}

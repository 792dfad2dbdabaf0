import { questionsOf, wordsOfQuestion, type Question } from "./questions.ts";
import type { Decision } from "./statement.ts";

/** Colours as SVG takes them: "#1f1f1f", or "var(--…)" where the picture stands in a page. */
export interface Palette {
  text: string;
  /** Lines, and the words on them. */
  line: string;
  /** The frame of a question. */
  question: string;
  /** The frame of an outcome. */
  outcome: string;
  /** Behind the words of a box. */
  box: string;
}

/** Sizes in pixels. */
const boxWidth = 210;
const padding = 8;
const lineHeight = 16;
const gapRight = 44;
const gapDown = 26;
const margin = 2;
/** The average width of a letter at 12 px, a little more than in common fonts so that text fits. */
const letterWidth = 6.4;
const wideLetterWidth = 12.5;

interface Box {
  x: number;
  y: number;
  height: number;
  lines: string[];
  question: Question;
}

interface Drawing {
  boxes: Box[];
  edges: { label: "yes" | "no"; from: Box; to: Box }[];
}

/**
 * Draws a decision tree as an SVG picture: "yes" leads to the right, "no" down. The policy's words
 * are wrapped and escaped; the picture holds neither scripts nor links nor styles.
 */
export function drawSvg(decision: Decision, palette: Palette): string {
  const drawing: Drawing = { boxes: [], edges: [] };
  place(questionsOf(decision), margin, margin, drawing);
  const { boxes, edges } = drawing;
  const width = Math.max(...boxes.map(({ x }) => x)) + boxWidth + margin;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + margin;
  const shapes = [
    ...edges.map((edge) => drawEdge(edge, palette)),
    ...boxes.map((box) => drawBox(box, palette)),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Decision tree" font-family="system-ui, 'Segoe UI', sans-serif" font-size="12">`,
    ...shapes,
    "</svg>",
  ].join("\n");
}

/** Puts a question and what is below it at a place; gives its box and where the next can begin. */
function place(
  question: Question,
  x: number,
  y: number,
  drawing: Drawing,
): { box: Box; bottom: number } {
  const text = question.kind === "question" ? wordsOfQuestion(question) : question.text;
  const lines = wrap(text, boxWidth - 2 * padding);
  const box = { x, y, height: lines.length * lineHeight + 2 * padding, lines, question };
  drawing.boxes.push(box);
  if (question.kind === "answer") return { box, bottom: y + box.height };
  const yes = place(question.yes, x + boxWidth + gapRight, y, drawing);
  const below = Math.max(y + box.height, yes.bottom) + gapDown;
  const no = place(question.no, x, below, drawing);
  drawing.edges.push(
    { label: "yes", from: box, to: yes.box },
    { label: "no", from: box, to: no.box },
  );
  return { box, bottom: no.bottom };
}

function drawEdge({ label, from, to }: Drawing["edges"][number], palette: Palette): string {
  const right = label === "yes";
  const [x1, y1] = right
    ? [from.x + boxWidth, from.y + lineHeight]
    : [from.x + 24, from.y + from.height];
  const [x2, y2] = right ? [to.x, y1] : [x1, to.y];
  const head = right
    ? `M${x2 - 6} ${y2 - 4}L${x2} ${y2}L${x2 - 6} ${y2 + 4}`
    : `M${x2 - 4} ${y2 - 6}L${x2} ${y2}L${x2 + 4} ${y2 - 6}`;
  const [tx, ty] = right ? [x1 + 8, y1 - 5] : [x1 + 8, y2 - 8];
  return [
    `<path d="M${x1} ${y1}L${x2} ${y2}${head}" fill="none" stroke="${escapeXml(palette.line)}"/>`,
    `<text x="${tx}" y="${ty}" font-size="11" fill="${escapeXml(palette.line)}">${label}</text>`,
  ].join("");
}

function drawBox({ x, y, height, lines, question }: Box, palette: Palette): string {
  const answer = question.kind === "answer";
  const frame = answer ? palette.outcome : palette.question;
  const unstated = answer && question.tone === "unstated";
  const stroke = unstated ? palette.line : frame;
  const dashes = unstated ? ' stroke-dasharray="4 3"' : "";
  const fill = unstated ? palette.line : palette.text;
  const words = lines.map(
    (line, i) =>
      `<text x="${x + padding}" y="${y + padding + (i + 0.75) * lineHeight}" fill="${escapeXml(fill)}">${escapeXml(line)}</text>`,
  );
  return `<rect x="${x}" y="${y}" width="${boxWidth}" height="${height}" rx="${answer ? 4 : 12}" fill="${escapeXml(palette.box)}" stroke="${escapeXml(stroke)}"${dashes}/>${words.join("")}`;
}

/** Breaks a text into lines that fit a width in pixels, as far as widths can be told without a font. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  const push = (): void => {
    if (line !== "") lines.push(line);
    line = "";
    used = 0;
  };
  for (const word of text.split(/\s+/u)) {
    const size = widthOf(word);
    if (used > 0 && used + letterWidth + size > width) push();
    if (used > 0) {
      line += " ";
      used += letterWidth;
    }
    // A word that is longer than a line, or writing without spaces.
    for (const letter of word) {
      const own = widthOf(letter);
      if (used + own > width) push();
      line += letter;
      used += own;
    }
  }
  push();
  return lines.length === 0 ? [""] : lines;
}

function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) {
    const wide =
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u;
    if (/\p{M}/u.test(letter)) continue;
    width += wide.test(letter)
      ? wideLetterWidth
      : /\p{Lu}/u.test(letter)
        ? letterWidth * 1.25
        : letterWidth;
  }
  return width;
}

/** Control characters have no place in XML; a lone surrogate would make the picture unreadable. */
function escapeXml(text: string): string {
  return text
    .replace(/\p{Cs}/gu, "\uFFFD")
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

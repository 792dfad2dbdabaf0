import type { Category } from "../policy/statement.ts";
import type { Outcome } from "../workspace/statement-scores.ts";

/** The kinds of theme that VS Code knows, by the names that the manifest gives them. */
export type ThemeKind = "dark" | "light" | "highContrast" | "highContrastLight";

/**
 * The colour of each category's bar. An image in the gutter cannot take a theme colour, so these
 * are what the colours of the manifest come to: VS Code's default chart colours, and its own
 * high-contrast values.
 */
export const barColors: Readonly<Record<ThemeKind, Readonly<Record<Category, string>>>> = {
  dark: {
    factual: "#59A4F9",
    behavioral: "#89D185",
    "simple-conditional": "#CCA700",
    "complex-conditional": "#B180D7",
  },
  light: {
    factual: "#0063D3",
    behavioral: "#388A34",
    "simple-conditional": "#BF8803",
    "complex-conditional": "#652D90",
  },
  highContrast: {
    factual: "#6FC3FF",
    behavioral: "#7CE38B",
    "simple-conditional": "#FFD866",
    "complex-conditional": "#D7A8FF",
  },
  highContrastLight: {
    factual: "#0F4A85",
    behavioral: "#1B5E20",
    "simple-conditional": "#6B4E00",
    "complex-conditional": "#5B2A86",
  },
};

/** The colours of the marks; each has a shape of its own, which says the same. */
const markColors: Readonly<Record<ThemeKind, Readonly<Record<Outcome, string>>>> = {
  dark: { learned: "#73C991", missed: "#F14C4C", stale: "#C5C5C5" },
  light: { learned: "#388A34", missed: "#C72E0F", stale: "#616161" },
  highContrast: { learned: "#7CE38B", missed: "#FF8A80", stale: "#FFFFFF" },
  highContrastLight: { learned: "#1B5E20", missed: "#A31515", stale: "#292929" },
};

/** A check, a cross, or a ring that is open, left of the bar. */
const markShapes: Readonly<Record<Outcome, string>> = {
  learned: "M1.5 8.5 4 11 8.5 5",
  missed: "M2 5 8 11M8 5 2 11",
  stale: "M8 6.5A3.2 3.2 0 1 0 8.2 9M8.5 4V6.8H5.7",
};

const hexColor = /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i;

/** The colour that the user has chosen for a category, or the default of the theme's kind. */
export function barColor(category: Category, kind: ThemeKind, chosen: unknown): string {
  return typeof chosen === "string" && hexColor.test(chosen) ? chosen : barColors[kind][category];
}

/**
 * A thin bar as high as the line, as a `data:` URI. It is stretched to the cell of the gutter, so
 * that the bars of neighbouring lines make one.
 * @param color `#rgb`, `#rrggbb`, or either with alpha.
 * @param mark beside it: what a run says of the statement that begins there.
 */
export function barIcon(color: string, mark?: { outcome: Outcome; theme: ThemeKind }): string {
  const drawn = mark
    ? `<path d="${markShapes[mark.outcome]}" fill="none" stroke-width="1.6" ` +
      `stroke="${markColors[mark.theme][mark.outcome]}"/>`
    : "";
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" preserveAspectRatio="none">` +
    `<rect x="11" width="2.5" height="16" fill="${color}"/>${drawn}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

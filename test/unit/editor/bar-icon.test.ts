import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Color } from "../../../src/contributions.ts";
import { barColor, barColors, barIcon, type ThemeKind } from "../../../src/editor/bar-icon.ts";
import { categories } from "../../../src/policy/statement.ts";
import type { Outcome } from "../../../src/workspace/statement-scores.ts";

interface Manifest {
  contributes: { colors: { id: string; defaults: Record<string, string> }[] };
}

describe("barColor", () => {
  it("has the manifest's colours in high contrast", async () => {
    const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
    const { colors } = (JSON.parse(text) as Manifest).contributes;
    for (const category of categories) {
      const defaults = colors.find(({ id }) => id === Color[category])?.defaults;
      for (const kind of ["highContrast", "highContrastLight"] as const) {
        expect(barColors[kind][category]).toBe(defaults?.[kind]);
      }
    }
  });

  it("takes the user's colour, and nothing that is no colour", () => {
    expect(barColor("factual", "dark", "#ff8800")).toBe("#ff8800");
    expect(barColor("factual", "dark", "#f80c")).toBe("#f80c");
    for (const chosen of [undefined, "default", "#12", '#fff"/><script/>', { a: 1 }]) {
      expect(barColor("factual", "dark", chosen)).toBe(barColors.dark.factual);
    }
  });
});

describe("barIcon", () => {
  it("is an image in the colour, whatever its characters mean in a URI", () => {
    const uri = new URL(barIcon("#59A4F9"));
    expect(uri.protocol).toBe("data:");
    expect(uri.hash).toBe("");
    expect(decodeURIComponent(uri.pathname)).toContain('fill="#59A4F9"');
  });

  it("tells each outcome by a shape of its own, whatever the theme", () => {
    const shapeOf = (theme: ThemeKind, outcome: Outcome) => {
      const svg = decodeURIComponent(barIcon("#59A4F9", { outcome, theme }));
      return /<path d="([^"]+)"/.exec(svg)?.[1];
    };
    const outcomes = ["learned", "missed", "stale"] as const;
    const shapes = outcomes.map((outcome) => shapeOf("dark", outcome));
    expect(new Set(shapes).size).toBe(3);
    for (const theme of ["light", "highContrast", "highContrastLight"] as const) {
      expect(outcomes.map((outcome) => shapeOf(theme, outcome))).toEqual(shapes);
    }
    expect(barIcon("#59A4F9")).not.toContain("path");
  });
});

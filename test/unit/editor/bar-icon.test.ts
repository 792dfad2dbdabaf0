import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Color } from "../../../src/contributions.ts";
import { barColor, barColors, barIcon } from "../../../src/editor/bar-icon.ts";
import { categories } from "../../../src/policy/statement.ts";

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
});

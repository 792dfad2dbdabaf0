import { describe, expect, it } from "vitest";
import type { Parents } from "mdast";
import { flatten } from "../../../src/policy/flatten.ts";
import { parseRegion } from "../../../src/policy/markdown.ts";

function first(source: string): { text: string; slice: (words: string) => string } {
  const prose = flatten(parseRegion(source).blocks[0] as Parents, source);
  return {
    text: prose.text,
    slice(words) {
      const from = prose.text.indexOf(words);
      expect(from).toBeGreaterThanOrEqual(0);
      const span = prose.span({ from, to: from + words.length });
      return source.slice(span?.start, span?.end);
    },
  };
}

describe("flatten", () => {
  it("removes markup and keeps the way back to the source", () => {
    const prose = first("A **late** parcel with [no label](x.md) is `lost`.");
    expect(prose.text).toBe("A late parcel with no label is lost.");
    expect(prose.slice("late parcel")).toBe("**late** parcel");
    expect(prose.slice("no label")).toBe("[no label](x.md)");
    expect(prose.slice("is lost")).toBe("is `lost`");
  });

  it("decodes escapes and entities", () => {
    const prose = first("Tom &amp; Jo pay 5 \\* 3 &lt; 20 &euro; &#x1F4E6; now.");
    expect(prose.text).toBe("Tom & Jo pay 5 * 3 < 20 € 📦 now.");
    expect(prose.slice("& Jo")).toBe("&amp; Jo");
    expect(prose.slice("5 * 3")).toBe("5 \\* 3");
    expect(prose.slice("📦")).toBe("&#x1F4E6;");
    expect(prose.slice("now")).toBe("now");
  });

  it("follows lines through CRLF, indentation and hard breaks", () => {
    const prose = first("Late  \r\n   parcels\r\nare\\\npaid.");
    expect(prose.text).toBe("Late parcels are paid.");
    expect(prose.slice("paid.")).toBe("paid.");
    expect(prose.slice("parcels")).toBe("parcels");
  });

  it("leaves out images, HTML and footnote marks", () => {
    expect(first("See ![a box](b.png) the <b>box</b>[^1]<br>now.\n\n[^1]: a").text).toBe(
      "See the box now.",
    );
  });

  it("removes template tags and the brackets they leave behind", () => {
    const prose = first("Please [contact us]({{ site.email }}) or {% tag %} wait.");
    expect(prose.text).toBe("Please contact us or wait.");
    expect(prose.slice("contact us")).toBe("contact us");
  });

  it("takes comments out of a line without losing its words", () => {
    const prose = first("<!-- note --> The parcel is late.");
    expect(prose.text).toBe("The parcel is late.");
    expect(prose.slice("The parcel")).toBe("The parcel");
  });

  it("keeps the positions of words around bare addresses", () => {
    const prose = first("Write to desk@example.com, or see www.example.com today.");
    expect(prose.slice("today")).toBe("today");
  });
});

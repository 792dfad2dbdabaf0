import { describe, expect, it } from "vitest";
import { contentSecurityPolicy, newNonce, renderPage } from "../../../src/panels/page.ts";

describe("contentSecurityPolicy", () => {
  const policy = contentSecurityPolicy("https://source.example", "abc");

  it("forbids everything that is not named", () => {
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toMatch(/unsafe|\*|data:|connect-src/);
  });

  it("lets only the script with the nonce run", () => {
    expect(policy).toContain("script-src 'nonce-abc'");
    expect(policy).not.toMatch(/script-src[^;]*https/);
  });
});

describe("renderPage", () => {
  const page = {
    title: 'Run: <b>"x"</b> & y',
    cspSource: "https://source.example",
    nonce: "abc",
    script: "https://source.example/runs.js",
    styles: ["https://source.example/a.css", "https://source.example/b.css"],
  };

  it("has one script, with the nonce, and no inline style", () => {
    const html = renderPage(page);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('nonce="abc" src="https://source.example/runs.js"></script>');
    expect(html.match(/rel="stylesheet"/g)).toHaveLength(2);
    expect(html).not.toMatch(/<style|style=/);
  });

  it("writes no title as markup", () => {
    const html = renderPage(page);
    expect(html).not.toContain("<b>");
    expect(html).toContain("&lt;b>");
  });

  it("makes a new nonce each time", () => {
    expect(newNonce()).not.toBe(newNonce());
    expect(newNonce()).toMatch(/^[A-Za-z0-9+/]{22}==$/);
  });
});

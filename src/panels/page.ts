import { randomBytes } from "node:crypto";

export interface Page {
  title: string;
  /** `webview.cspSource`: where this webview's files are served from. */
  cspSource: string;
  nonce: string;
  /** Addresses as the webview sees them (`asWebviewUri`). */
  script: string;
  styles: readonly string[];
}

export const newNonce = (): string => randomBytes(16).toString("base64");

/**
 * The only place that writes a content security policy: nothing loads but our script (by nonce),
 * our style sheets and the icon font. No inline script or style, no network.
 */
export function contentSecurityPolicy(cspSource: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
  ].join("; ");
}

/** The HTML document of a webview: an empty `main` that the script renders into. */
export function renderPage(page: Page): string {
  const attribute = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const links = page.styles.map((href) => `<link rel="stylesheet" href="${attribute(href)}">`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(contentSecurityPolicy(page.cspSource, page.nonce))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${links.join("\n")}
<title>${attribute(page.title)}</title>
</head>
<body>
<main></main>
<script type="module" nonce="${attribute(page.nonce)}" src="${attribute(page.script)}"></script>
</body>
</html>
`;
}

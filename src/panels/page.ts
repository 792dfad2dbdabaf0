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
 * The only place that writes a content security policy: nothing loads but our script (by nonce, if
 * there is one), our style sheets and the icon font. No inline script or style, no network.
 */
export function contentSecurityPolicy(cspSource: string, nonce?: string): string {
  return [
    "default-src 'none'",
    ...(nonce === undefined ? [] : [`script-src 'nonce-${nonce}'`]),
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
  ].join("; ");
}

export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** The HTML document of a webview: an empty `main` that the script renders into. */
export function renderPage(page: Page): string {
  const { nonce } = page;
  const script = `<script type="module" nonce="${escapeHtml(nonce)}" src="${escapeHtml(page.script)}"></script>`;
  return renderDocument(page, nonce, `<main></main>\n${script}`);
}

/** The HTML document of a webview without scripts. @param main its content, as HTML. */
export function renderStill(
  page: Pick<Page, "title" | "cspSource" | "styles">,
  main: string,
): string {
  return renderDocument(page, undefined, `<main>${main}</main>`);
}

function renderDocument(
  { title, cspSource, styles }: Pick<Page, "title" | "cspSource" | "styles">,
  nonce: string | undefined,
  body: string,
): string {
  const links = styles.map((href) => `<link rel="stylesheet" href="${escapeHtml(href)}">`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(contentSecurityPolicy(cspSource, nonce))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${links.join("\n")}
<title>${escapeHtml(title)}</title>
</head>
<body>
${body}
</body>
</html>
`;
}

import * as vscode from "vscode";
import type { z } from "zod";
import type { Logger } from "../editor/logger.ts";
import { newNonce, renderPage } from "./page.ts";

export interface WebviewContent<Incoming> {
  extensionUri: vscode.Uri;
  /** The webview's name under `dist/webview`. */
  name: "runs" | "dataset";
  incoming: z.ZodType<Incoming>;
  receive: (message: Incoming) => void;
  logger: Logger;
}

/** Fills a panel, new or restored, with one of our pages; listens until the panel is disposed. */
export function fillPanel<Incoming>(
  panel: vscode.WebviewPanel,
  { extensionUri, name, incoming, receive, logger }: WebviewContent<Incoming>,
): void {
  const { webview } = panel;
  const root = vscode.Uri.joinPath(extensionUri, "dist", "webview");
  const address = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString();
  webview.onDidReceiveMessage((data: unknown) => {
    const message = incoming.safeParse(data);
    if (message.success) receive(message.data);
    else logger.warn(`A message of the ${name} panel does not fit: ${message.error.message}`);
  });
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  panel.iconPath = {
    light: vscode.Uri.joinPath(extensionUri, "media", "panel-light.svg"),
    dark: vscode.Uri.joinPath(extensionUri, "media", "panel-dark.svg"),
  };
  webview.html = renderPage({
    title: panel.title,
    cspSource: webview.cspSource,
    nonce: newNonce(),
    script: address(`${name}.js`),
    styles: [address("codicon.css"), address(`${name}.css`)],
  });
}

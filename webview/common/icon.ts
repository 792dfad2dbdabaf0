import { html, type TemplateResult } from "lit";

/** A codicon; it only decorates, the word beside it says the same. */
export const icon = (name: string, modifier = ""): TemplateResult =>
  html`<span class="codicon codicon-${name} ${modifier}" aria-hidden="true"></span>`;

/** A button that shows only a codicon; its label is read out and shown on hover. */
export const iconButton = (name: string, label: string, click: () => void): TemplateResult =>
  html`<vscode-button appearance="icon" aria-label=${label} title=${label} @click=${click}>
    ${icon(name)}
  </vscode-button>`;

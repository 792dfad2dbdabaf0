import { html, type TemplateResult } from "lit";

/** A codicon; it only decorates, the word beside it says the same. */
export const icon = (name: string, modifier = ""): TemplateResult =>
  html`<span class="codicon codicon-${name} ${modifier}" aria-hidden="true"></span>`;

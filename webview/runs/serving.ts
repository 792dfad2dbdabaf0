import { html, nothing, type TemplateResult } from "lit";
import type { FromRunsView, RunView } from "../../src/protocol/runs.ts";

type Post = (message: FromRunsView) => void;

/** What can be done with a finished run's model. */
export function servingButtons(run: RunView, post: Post): TemplateResult | typeof nothing {
  if (!run.canServe) return nothing;
  return html`<vscode-button @click=${() => post({ type: "askModel" })}
      >Ask the Model</vscode-button
    >
    ${
      run.serving
        ? html`<vscode-button appearance="secondary" @click=${() => post({ type: "stopServing" })}
            >Stop Serving</vscode-button
          >`
        : html`<vscode-button appearance="secondary" @click=${() => post({ type: "serve" })}
            >Serve Model</vscode-button
          >`
    }`;
}

/** Where the model is served, as a line of its own. */
export function servingLine({ serving }: RunView): TemplateResult | typeof nothing {
  if (!serving) return nothing;
  return html`<div class="muted" role="status" data-serving=${serving.status}>
    ${
      serving.address === undefined
        ? "The server is starting"
        : html`Served at <code>${serving.address}</code>`
    }
  </div>`;
}

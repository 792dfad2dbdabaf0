import { html, nothing, type TemplateResult } from "lit";
import type {
  DatasetQuery,
  FromDatasetView,
  RowDetail,
  RowEdit,
} from "../../src/protocol/dataset.ts";
import { categoryWord, kindWord, tierWord, wordFor } from "../../src/protocol/words.ts";
import { dateTime, integer } from "../common/format.ts";
import { icon } from "../common/icon.ts";
import { checkWord, stateWord, verdictIcon, verdictWord } from "./words.ts";

export interface DetailActions {
  post(message: FromDatasetView): void;
  judge(verdict: "approved" | "rejected" | "withdrawn"): void;
  edit(): void;
  /** The row, or all rows of a statement. */
  regenerate(statement?: string): void;
  filter(filters: DatasetQuery["filters"]): void;
}

interface DetailContext {
  /** Whether other rows are being made. */
  regenerating: boolean;
  readOnly: string | undefined;
}

/** The selected row: its words, where they come from, and what to do with it. */
export function renderDetail(
  detail: RowDetail,
  context: DetailContext,
  actions: DetailActions,
): TemplateResult {
  const { id, part, kind, tier, file, line, verdict, reviewedAt, checks, problem } = detail;
  const failed = checks.filter((check) => check !== "passed");
  return html`<section class="detail" aria-label="Selected row">
    <div class="row spread">
      <div class="row">
        <h2>${id === "" ? "No id" : id}</h2>
        <span class="muted">
          ${wordFor(kindWord, kind)}${tier === "" ? nothing : ` · ${wordFor(tierWord, tier)}`} ·
          ${file}:${integer(line)}
        </span>
        <span class="verdict ${verdict}">
          ${icon(verdictIcon[verdict])} ${verdictWord[verdict]}
          ${reviewedAt === undefined ? nothing : html`<span class="muted">${dateTime(reviewedAt)}</span>`}
        </span>
      </div>
      ${renderActions(detail, context, actions)}
    </div>
    ${
      failed.length > 0 || problem !== undefined
        ? html`<p class="flag">
            ${icon("warning")}
            ${[...failed.map((check) => checkWord[check])].join(", ")}${
              problem === undefined ? nothing : ` (${problem})`
            }
          </p>`
        : nothing
    }
    <div class="sides">
      <div class="words" data-part=${part}>
        ${
          detail.content
            ? renderContent(detail.content, actions)
            : html`<pre class="raw" .textContent=${detail.raw ?? ""}></pre>`
        }
        ${
          detail.original
            ? html`<details>
                <summary>Before the edit</summary>
                ${renderContent(detail.original, actions)}
              </details>`
            : nothing
        }
      </div>
      ${renderStatements(detail, context, actions)}
    </div>
  </section>`;
}

/** Why there can be no other row in the place of one; undefined when there can. */
export function whyNotAgain({ id, kind, content }: RowDetail): string | undefined {
  if (kind === "document") return "This is the document itself, which has no other words";
  return content === undefined || id === "" ? "The line is no sound row" : undefined;
}

function renderActions(
  detail: RowDetail,
  { regenerating, readOnly }: DetailContext,
  actions: DetailActions,
): TemplateResult {
  const { id, verdict, content } = detail;
  const closed = readOnly !== undefined || id === "";
  const why = readOnly ?? (id === "" ? "A line without an id cannot be judged" : undefined);
  const again = whyNotAgain(detail);
  const button = (
    { key, label, off = false }: { key: string; label: string; off?: boolean },
    click: () => void,
    reason: string | undefined,
  ) =>
    html`<button class="action" ?disabled=${off} title=${reason ?? nothing} @click=${click}>
      <kbd>${key}</kbd> ${label}
    </button>`;
  return html`<div class="row actions">
    ${button({ key: "a", label: "Approve", off: closed }, () => actions.judge("approved"), why)}
    ${button({ key: "r", label: "Reject", off: closed }, () => actions.judge("rejected"), why)}
    ${button({ key: "e", label: "Edit", off: closed || !content }, () => actions.edit(), why)}
    ${
      verdict === "none"
        ? nothing
        : button(
            { key: "w", label: "Withdraw", off: closed },
            () => actions.judge("withdrawn"),
            why,
          )
    }
    ${button(
      { key: "g", label: "Regenerate", off: closed || regenerating || again !== undefined },
      () => actions.regenerate(),
      why ?? again ?? "Makes another row in its place",
    )}
  </div>`;
}

function renderStatements(
  { statements }: RowDetail,
  { regenerating, readOnly }: DetailContext,
  actions: DetailActions,
): TemplateResult {
  const all = statements.map(({ id }) => id);
  return html`<div class="sources">
    <h3>Made from</h3>
    ${statements.length === 0 ? html`<p class="muted">No statement is named.</p>` : nothing}
    <ul>
      ${statements.map(({ id, category, text, section, state }) => {
        const lost = state === "removed" || state === "unknown";
        return html`<li>
          ${
            category
              ? html`<span class="category ${category}">${categoryWord[category]}</span>`
              : nothing
          }
          <span class="said">${text === "" ? id : text}</span>
          ${
            stateWord[state] === ""
              ? nothing
              : html`<span class="flag">${icon("warning")} ${stateWord[state]}</span>`
          }
          ${section === "" ? nothing : html`<div class="muted">${section}</div>`}
          <div class="row">
            <button
              class="link"
              ?disabled=${lost}
              @click=${() =>
                actions.post({
                  type: "showSource",
                  statements: [id, ...all.filter((other) => other !== id)],
                })}
            >
              Show in Policy
            </button>
            <button class="link" @click=${() => actions.filter({ statement: [id] })}>
              Only Its Rows
            </button>
            ${
              readOnly === undefined
                ? html`<button
                    class="link"
                    ?disabled=${lost || regenerating}
                    title="Makes other rows for the statement; those of the document stay"
                    @click=${() => actions.regenerate(id)}
                  >
                    Regenerate Its Rows
                  </button>`
                : nothing
            }
          </div>
        </li>`;
      })}
    </ul>
  </div>`;
}

function renderContent(content: RowEdit, actions: DetailActions): TemplateResult {
  if ("text" in content) {
    const { text, answerStart } = content;
    const asked = answerStart === undefined ? text : text.slice(0, answerStart);
    return html`<div class="words-of">
      ${said("Text", asked, actions)}
      ${answerStart === undefined ? nothing : said("Answer", text.slice(answerStart), actions)}
    </div>`;
  }
  return html`<div class="words-of">
    ${content.prompt.map((message) => renderMessage(message, actions))}
    ${
      "completion" in content
        ? content.completion.map((message) => renderMessage(message, actions))
        : nothing
    }
    ${"expected" in content ? said("Expected", content.expected, actions) : nothing}
    ${
      "choices" in content
        ? content.choices.map(
            (choice, index) =>
              html`<div class="choice-line ${index === content.answer ? "" : "muted"}">
                ${icon(index === content.answer ? "check" : "dash")}
                <span class="unseen">${index === content.answer ? "Right:" : "Wrong:"}</span>
                <span class="said">${choice}</span>
              </div>`,
          )
        : nothing
    }
  </div>`;
}

type Message = Extract<RowEdit, { completion: unknown }>["completion"][number];

function renderMessage(
  { role, content, tool_calls: calls = [] }: Message,
  actions: DetailActions,
): TemplateResult {
  return html`${said(role, content, actions)}
  ${calls.map(({ function: { name, arguments: given } }) =>
    said("Calls", `${name} ${JSON.stringify(given, null, 1)}`, actions),
  )}`;
}

function said(label: string, text: string, actions: DetailActions): TemplateResult {
  return html`<div class="label muted">${label}</div>
    <div class="said">${linked(text, actions)}</div>`;
}

const cited = /\b(s-[0-9a-z]+)\b/;

/** Statements that a reasoning cites lead into the policy. */
function linked(text: string, actions: DetailActions): (string | TemplateResult)[] {
  return text
    .split(cited)
    .map((piece, index) =>
      index % 2 === 0
        ? piece
        : html`<button
            class="link inline"
            title="Show in Policy"
            @click=${() => actions.post({ type: "showSource", statements: [piece] })}
          >
            ${piece}
          </button>`,
    );
}

import { html, nothing, type TemplateResult } from "lit";
import type { RowDetail, RowEdit } from "../../src/protocol/dataset.ts";

export interface EditActions {
  save(edit: RowEdit): void;
  cancel(): void;
}

/** A form over the words of a row. What it comes from cannot be edited. */
export function renderEdit(
  { id, content }: RowDetail,
  refused: string | undefined,
  actions: EditActions,
): TemplateResult {
  if (!content) return html``;
  const submit = (event: Event) => {
    event.preventDefault();
    const form = (event.target as HTMLElement).closest("form")!;
    actions.save(readForm(form, content));
  };
  return html`<section class="detail" aria-label="Edit row">
    <form
      @submit=${submit}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === "Escape") actions.cancel();
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div class="row spread">
        <h2>Edit ${id}</h2>
        <div class="row">
          <button class="action" type="submit"><kbd>Ctrl+Enter</kbd> Save Edit</button>
          <button class="action" type="button" @click=${() => actions.cancel()}>
            <kbd>Esc</kbd> Cancel
          </button>
        </div>
      </div>
      <p class="muted">The edit goes to the review file; the generated row stays as it is.</p>
      ${
        refused === undefined
          ? nothing
          : html`<div class="notice error" role="alert"><p>${refused}</p></div>`
      }
      ${fieldsOf(content).map(({ name, label, value }) => {
        const rows = Math.min(12, 1 + Math.ceil(value.length / 90) + value.split("\n").length - 1);
        return html`<label class="field">
          <span class="muted">${label}</span>
          <textarea name=${name} rows=${rows} .value=${value} spellcheck="false"></textarea>
        </label>`;
      })}
      ${
        "choices" in content
          ? html`<fieldset class="field">
              <legend class="muted">Right choice</legend>
              ${content.choices.map(
                (_, index) =>
                  html`<label>
                    <input
                      type="radio"
                      name="answer"
                      value=${index}
                      .checked=${index === content.answer}
                    />
                    ${index + 1}
                  </label>`,
              )}
            </fieldset>`
          : nothing
      }
    </form>
  </section>`;
}

interface Field {
  name: string;
  label: string;
  value: string;
}

function fieldsOf(content: RowEdit): Field[] {
  if ("text" in content) {
    const { text, answerStart } = content;
    if (answerStart === undefined) return [{ name: "text", label: "Text", value: text }];
    return [
      { name: "text", label: "Text", value: text.slice(0, answerStart) },
      { name: "answer-text", label: "Answer", value: text.slice(answerStart) },
    ];
  }
  const of = (name: string, messages: { role: string; content: string }[]) =>
    messages.map((message, index) => ({
      name: `${name}-${index}`,
      label: message.role,
      value: message.content,
    }));
  const prompt = of("prompt", content.prompt);
  if ("completion" in content) return [...prompt, ...of("completion", content.completion)];
  if ("expected" in content) {
    return [...prompt, { name: "expected", label: "Expected", value: content.expected }];
  }
  const choices = content.choices.map((value, index) => ({
    name: `choice-${index}`,
    label: `Choice ${index + 1}`,
    value,
  }));
  return [...prompt, ...choices];
}

/** The words in the form, in the shape that they had. */
export function readForm(form: HTMLFormElement, content: RowEdit): RowEdit {
  const value = (name: string) =>
    form.querySelector<HTMLTextAreaElement>(`[name="${name}"]`)?.value ?? "";
  if ("text" in content) {
    const asked = value("text");
    if (content.answerStart === undefined) return { text: asked };
    return { text: asked + value("answer-text"), answerStart: asked.length };
  }
  const of = <M extends object>(name: string, messages: readonly M[]) =>
    messages.map((message, index) => ({ ...message, content: value(`${name}-${index}`) }));
  const prompt = of("prompt", content.prompt);
  if ("completion" in content) return { prompt, completion: of("completion", content.completion) };
  if ("expected" in content) return { prompt, expected: value("expected") };
  const right = form.querySelector<HTMLInputElement>('[name="answer"]:checked');
  return {
    prompt,
    choices: content.choices.map((_, index) => value(`choice-${index}`)),
    answer: right ? Number(right.value) : content.answer,
  };
}

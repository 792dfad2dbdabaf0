import { html, render, type TemplateResult } from "lit";
import { icon, iconButton } from "../common/icon.ts";
import { findIn, type Piece } from "./find.ts";

/** Nearer to the end than this, in pixels, counts as the end. */
const slack = 8;

/**
 * The last lines of the trainer's log: they can be searched, and are followed to their end until the
 * reader scrolls away from it.
 */
export class LogView extends HTMLElement {
  #lines: readonly string[] = [];
  #words = "";
  /** The match that is shown, from 0. */
  #current = 0;
  #follows = true;

  set lines(lines: readonly string[]) {
    this.#lines = lines;
    if (this.isConnected) this.#draw();
  }

  connectedCallback(): void {
    // In a closed box there is nothing to scroll.
    this.closest("details")?.addEventListener("toggle", this.#show);
    this.#draw();
  }

  disconnectedCallback(): void {
    this.closest("details")?.removeEventListener("toggle", this.#show);
  }

  #draw(): void {
    const { lines, matches } = findIn(this.#lines, this.#words);
    this.#current = matches === 0 ? 0 : this.#current % matches;
    render(this.#template(lines, matches), this);
    this.#show();
  }

  readonly #show = (): void => {
    const lines = this.querySelector(".lines");
    if (lines && this.#follows) lines.scrollTop = lines.scrollHeight;
  };

  #template(lines: readonly Piece[][], matches: number): TemplateResult {
    const searches = this.#words !== "";
    const count = matches === 0 ? "No results" : `${this.#current + 1} of ${matches}`;
    return html`
      <div class="row spread">
        <div class="row" role="search">
          <vscode-text-field
            aria-label="Find in log"
            placeholder="Find in log"
            .value=${this.#words}
            @input=${(event: Event) => this.#search((event.target as HTMLInputElement).value)}
            @keydown=${this.#key}
          ></vscode-text-field>
          ${iconButton("arrow-up", "Previous Match", () => this.#go(-1))}
          ${iconButton("arrow-down", "Next Match", () => this.#go(1))}
          <span class="muted" role="status">${searches ? count : ""}</span>
        </div>
        <button
          class="choice"
          aria-pressed=${this.#follows ? "true" : "false"}
          @click=${() => this.#follow(!this.#follows)}
        >
          ${icon("arrow-circle-down")} Follow
        </button>
      </div>
      <div
        class="lines"
        tabindex="0"
        role="log"
        aria-live="off"
        aria-label="Last lines of the trainer's log"
        @scroll=${this.#scroll}
      >
        ${lines.map((pieces) => html`<div>${pieces.map((piece) => this.#piece(piece))}</div>`)}
      </div>
    `;
  }

  #piece({ text, match }: Piece): TemplateResult | string {
    if (match === undefined) return text;
    return html`<mark class=${match === this.#current ? "current" : ""}>${text}</mark>`;
  }

  #search(words: string): void {
    this.#words = words;
    this.#current = 0;
    this.#go(0);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key === "Enter") this.#go(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") this.#search("");
    else return;
    event.preventDefault();
  };

  /** Shows another match; a reader who looks at one does not follow the end. */
  #go(by: number): void {
    const { matches } = findIn(this.#lines, this.#words);
    if (matches > 0) {
      this.#current = (this.#current + by + matches) % matches;
      this.#follows = false;
    }
    this.#draw();
    this.querySelector("mark.current")?.scrollIntoView({ block: "nearest" });
  }

  #follow(follows: boolean): void {
    this.#follows = follows;
    this.#draw();
  }

  readonly #scroll = (event: Event): void => {
    const { scrollTop, scrollHeight, clientHeight } = event.target as HTMLElement;
    const atEnd = scrollTop + clientHeight >= scrollHeight - slack;
    if (atEnd !== this.#follows && (atEnd ? this.#words === "" : true)) this.#follow(atEnd);
  };
}

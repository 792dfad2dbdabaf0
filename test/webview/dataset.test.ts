import axe from "axe-core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DatasetLook, DatasetSnapshot, FromDatasetView } from "../../src/protocol/dataset.ts";
import { DatasetSnapshot as Schema } from "../../src/protocol/dataset.ts";
import { DatasetPage } from "../../webview/dataset/page.ts";
import { charts, dataset } from "./snapshots.ts";

let posted: FromDatasetView[];
let main: HTMLElement;
let page: DatasetPage;

beforeAll(() => {
  document.documentElement.lang = "en";
  document.title = "Dataset";
});
beforeEach(() => {
  posted = [];
  document.body.innerHTML = "<main></main>";
  main = document.querySelector("main")!;
  page = new DatasetPage(main, {
    post: (message) => void posted.push(message),
    writeState: () => undefined,
  });
});

function show(change: Partial<DatasetSnapshot> = {}): void {
  page.receive({ type: "snapshot", snapshot: { ...dataset, ...change } });
}

const text = (element: Element | null | undefined): string =>
  (element?.textContent ?? "").replace(/\s+/g, " ").trim();
const find = (selector: string): HTMLElement => main.querySelector<HTMLElement>(selector)!;
const button = (label: RegExp): HTMLElement =>
  [...main.querySelectorAll<HTMLElement>("button")].find((each) => label.test(text(each)))!;

function press(
  key: string,
  target: Element = document.body,
  more: KeyboardEventInit = {},
): boolean {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, composed: true, ...more });
  let done = false;
  const listen = (heard: Event) => (done = page.press(heard as KeyboardEvent));
  document.addEventListener("keydown", listen);
  target.dispatchEvent(event);
  document.removeEventListener("keydown", listen);
  return done;
}

const looks = (): DatasetLook[] =>
  posted.flatMap((message) => (message.type === "look" ? [message.look] : []));

it("is tested with snapshots that fit the protocol", () => {
  expect(Schema.parse({ ...dataset, charts })).toEqual({ ...dataset, charts });
});

describe("the table", () => {
  it("draws the rows of the window, as text, and tells how many there are", () => {
    show();
    const lines = [...main.querySelectorAll(".line.body")];
    expect(lines).toHaveLength(60);
    expect([...lines[0]!.querySelectorAll(".cell")].map(text)).toEqual([
      "x-0",
      "question",
      "fact Express costs 12 euros. and 1 more",
      "What does <b>express</b> cost? 0",
      "no verdict",
    ]);
    expect(text(find(".matches"))).toBe("1,204 of 100,000 rows");
    expect(find(".table").getAttribute("aria-rowcount")).toBe("1205");
    expect(find(".table").getAttribute("aria-activedescendant")).toBe("row-0");
  });

  it("asks for rows as it is scrolled, and keeps the selected one", () => {
    show();
    posted.length = 0;
    const table = find(".table");
    table.scrollTop = 20_000;
    table.dispatchEvent(new Event("scroll"));
    const [look] = looks();
    const first = Math.floor(20_000 / 28);
    expect(look!.offset).toBeLessThanOrEqual(first);
    expect(look!.offset + look!.limit).toBeGreaterThan(first + 10);
    expect(look!.position).toBe(0);
  });

  it("shows no answer to an older question", () => {
    show();
    press("j");
    const asked = looks().at(-1)!;
    show({ title: "Old" });
    expect(text(find("h1"))).toBe("Parcel <desk>");
    show({ title: "New", look: { ...asked } });
    expect(text(find("h1"))).toBe("New");
  });

  it("sorts by its heads, and backwards the second time", () => {
    show();
    button(/^Kind$/).click();
    expect(looks().at(-1)!.query.sort).toEqual({ by: "kind", descending: false });
    button(/^Kind$/).click();
    expect(looks().at(-1)!.query.sort).toEqual({ by: "kind", descending: true });
  });
});

describe("the keys", () => {
  /** The answer to the last question, as the thread would give it. */
  const answer = () => {
    const look = looks().at(-1)!;
    const detail = { ...dataset.detail!, row: look.position, id: `x-${look.position}` };
    show({ look, detail });
  };

  it("move, judge, undo and lead to the source", () => {
    show();
    posted.length = 0;
    press("j");
    press("j");
    press("k");
    answer();
    press("a");
    press("r");
    press("u");
    press("Enter");
    expect(looks().map(({ position }) => position)).toEqual([1, 2, 1]);
    expect(posted.filter(({ type }) => type !== "look")).toEqual([
      { type: "judge", row: 1, id: "x-1", verdict: "approved" },
      { type: "judge", row: 1, id: "x-1", verdict: "rejected" },
      { type: "undo" },
      { type: "showSource", statements: ["s-1", "s-2"] },
    ]);
  });

  it("wait for the row when the hand is faster, and judge no other one", () => {
    show();
    press("End");
    press("r");
    expect(posted.some(({ type }) => type === "judge")).toBe(false);
    answer();
    expect(posted.at(-1)).toEqual({
      type: "judge",
      row: 1203,
      id: "x-1203",
      verdict: "rejected",
    });
    press("k");
    press("a");
    press("k");
    answer();
    expect(posted.filter(({ type }) => type === "judge")).toHaveLength(1);
  });

  it("stay out of fields, and come back with Escape", () => {
    show();
    const input = document.createElement("input");
    input.type = "text";
    main.append(input);
    posted.length = 0;
    expect(press("a", input)).toBe(false);
    expect(press("j", input)).toBe(false);
    expect(posted).toEqual([]);
    expect(press("Escape", input)).toBe(true);
    expect(document.activeElement).toBe(find(".table"));
  });

  it("go to the ends, and no further", () => {
    show();
    press("End");
    expect(looks().at(-1)!.position).toBe(1203);
    press("j");
    expect(looks().at(-1)!.position).toBe(1203);
    press("Home");
    press("k");
    expect(looks().at(-1)!.position).toBe(0);
  });

  it("ask for another row, and for other rows of a statement", () => {
    show();
    press("g");
    const taught = dataset.detail!.teacher !== "none";
    expect(posted.at(-1)).toEqual({ type: "regenerate", target: { row: "x-0" }, taught });
    button(/Regenerate Its Rows/).click();
    const { id } = dataset.detail!.statements[0]!;
    expect(posted.at(-1)).toMatchObject({ type: "regenerate", target: { statement: id } });
    const later = { ...dataset.look, asked: 9 };
    show({ detail: { ...dataset.detail!, teacher: "openai" }, look: later });
    press("g");
    expect(posted.at(-1)).toEqual({ type: "regenerate", target: { row: "x-0" }, taught: true });
  });

  it("ask for one row after the other, and say what goes on", () => {
    show();
    page.receive({ type: "regenerating", goesOn: true });
    expect(text(find(".status"))).toBe("Making other rows");
    press("g");
    expect(posted.some(({ type }) => type === "regenerate")).toBe(false);
    expect(button(/^g Regenerate/).hasAttribute("disabled")).toBe(true);
    page.receive({ type: "regenerating", goesOn: false });
    page.receive({ type: "refused", message: "Nothing was regenerated: no." });
    expect(text(find('[role="alert"]'))).toBe("Nothing was regenerated: no.");
  });

  it("say why no row can take the place of one", () => {
    show({ detail: { ...dataset.detail!, kind: "document" } });
    press("g");
    expect(text(find(".status"))).toContain("the document itself");
    expect(button(/^g Regenerate/).hasAttribute("disabled")).toBe(true);
    show({ readOnly: "This is a copy", look: { ...dataset.look, asked: 9 } });
    press("g");
    expect(text(find(".status"))).toContain("This is a copy");
    expect(posted.some(({ type }) => type === "regenerate")).toBe(false);
  });
});

describe("filters", () => {
  it("have each value with its rows, and go to the first row", () => {
    show({ look: { ...dataset.look, position: 5, offset: 0 } });
    const labels = [...main.querySelectorAll(".facets .value")].map(text);
    expect(labels).toEqual(["question 800", "scenario 404", "no verdict 1,203", "approved 1"]);
    find('[data-value="scenario"]').click();
    expect(looks().at(-1)).toMatchObject({
      query: { filters: { kind: ["scenario"] } },
      position: 0,
      offset: 0,
    });
    find('[data-value="question"]').click();
    expect(looks().at(-1)!.query.filters).toEqual({ kind: ["scenario", "question"] });
  });

  it("offer to be cleared when nothing matches", () => {
    const look = { ...dataset.look, query: { ...dataset.look.query, search: "zzz" } };
    const rest = { ...dataset };
    delete rest.detail;
    page.receive({
      type: "snapshot",
      snapshot: { ...rest, look, rows: [], matches: 0 },
    });
    expect(text(find(".empty"))).toContain("No row matches");
    find(".empty vscode-button").click();
    expect(looks().at(-1)!.query).toMatchObject({ search: "", filters: {} });
  });

  it("judge all rows that match, by what is on the screen", () => {
    show();
    [...main.querySelectorAll<HTMLElement>(".all button")][1]!.click();
    expect(posted.at(-1)).toEqual({
      type: "judgeAll",
      query: dataset.look.query,
      matches: 1204,
      verdict: "rejected",
    });
  });
});

describe("the selected row", () => {
  it("shows its words as text, and what became of its statements", () => {
    show();
    expect(main.querySelector(".detail b, .detail i")).toBeNull();
    expect(text(find(".words"))).toContain("What does <b>express</b> cost?");
    expect(text(find(".words"))).toContain("Right: 12 euros");
    const [, gone] = [...main.querySelectorAll(".sources li")];
    expect(text(gone)).toContain("not in the policy any more");
    expect(gone!.querySelector("button")!.hasAttribute("disabled")).toBe(true);
    button(/^Show in Policy$/).click();
    expect(posted.at(-1)).toEqual({ type: "showSource", statements: ["s-1", "s-2"] });
    button(/^Only Its Rows$/).click();
    expect(looks().at(-1)!.query.filters).toEqual({ statement: ["s-1"] });
  });

  it("leads from a cited statement into the policy", () => {
    const completion = [{ role: "assistant" as const, content: "Reasoning: by s-9f; yes" }];
    const content = { prompt: [{ role: "user" as const, content: "May I?" }], completion };
    show({ detail: { ...dataset.detail!, content } });
    button(/^s-9f$/).click();
    expect(posted.at(-1)).toEqual({ type: "showSource", statements: ["s-9f"] });
  });

  it("shows what an answer calls, and keeps it in an edit of its words", () => {
    const call = {
      type: "function" as const,
      function: { name: "cancel_order", arguments: { order: "<b>7</b>" } },
    };
    const answer = {
      role: "assistant" as const,
      content: "Reasoning: by s-9f",
      tool_calls: [call],
    };
    const content = {
      prompt: [{ role: "user" as const, content: "Cancel it." }],
      completion: [answer],
    };
    show({ detail: { ...dataset.detail!, content } });
    expect(text(find(".words-of"))).toContain('Calls cancel_order { "order": "<b>7</b>" }');
    press("e");
    find("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    expect(posted.at(-1)).toMatchObject({ type: "edit", edit: { completion: [answer] } });
  });

  it("shows a line that is no row as it lies in the file", () => {
    const rest = { ...dataset.detail! };
    delete rest.content;
    const raw = '{"id": <script>alert(1)</script>';
    show({ detail: { ...rest, id: "", checks: ["not-json"], problem: "not JSON", raw } });
    expect(find(".raw").textContent).toBe(raw);
    expect(main.querySelector("script")).toBeNull();
    expect(button(/^a Approve$/).hasAttribute("disabled")).toBe(true);
  });

  it("takes no verdict on the copy of a run, and says why", () => {
    show({ readOnly: "This is a copy", look: { ...dataset.look, asked: 9 } });
    expect(text(find(".notice"))).toBe("This is a copy.");
    press("e");
    expect(main.querySelector("textarea")).toBeNull();
  });
});

describe("the form", () => {
  const field = (name: string) => find(`[name="${name}"]`) as HTMLTextAreaElement;

  it("edits messages, choices and the right one", () => {
    show();
    press("e");
    field("prompt-0").value = "What is the price?";
    field("choice-0").value = "7 euros";
    const [first] = [...main.querySelectorAll<HTMLInputElement>('[name="answer"]')];
    first!.checked = true;
    find("form").dispatchEvent(new Event("submit", { cancelable: true }));
    expect(posted.at(-1)).toEqual({
      type: "edit",
      row: 0,
      id: "x-0",
      edit: {
        prompt: [{ role: "user", content: "What is the price?" }],
        choices: ["7 euros", "12 euros"],
        answer: 0,
      },
    });
  });

  it("keeps an answer where it begins", () => {
    const content = { text: "[desk] Question: How much?\nAnswer: 12 euros", answerStart: 35 };
    show({ detail: { ...dataset.detail!, content } });
    press("e");
    expect(field("answer-text").value).toBe("12 euros");
    field("answer-text").value = "13 euros";
    find("form").dispatchEvent(new Event("submit", { cancelable: true }));
    expect(posted.at(-1)).toMatchObject({
      edit: { text: "[desk] Question: How much?\nAnswer: 13 euros", answerStart: 35 },
    });
  });

  it("stays open with what was typed when the edit does not fit, and closes when it does", () => {
    show();
    press("e");
    field("choice-0").value = "12 euros";
    page.receive({ type: "refused", message: "Two choices are the same." });
    show({ title: "Another window wrote" });
    expect(text(find('.detail [role="alert"]'))).toBe("Two choices are the same.");
    expect(field("choice-0").value).toBe("12 euros");
    page.receive({ type: "done", message: "Edited x-0" });
    expect(main.querySelector("form")).toBeNull();
    expect(text(find(".status"))).toBe("Edited x-0");
  });
});

describe("charts", () => {
  const look: DatasetLook = { ...dataset.look, view: "charts" };

  it("say in words what they draw", () => {
    show({ look, charts });
    const cells = [...main.querySelectorAll(".heat tbody td")].map(text);
    expect(cells[0]).toBe("31 rows 2 statements 1 without rows");
    expect([...main.querySelectorAll(".bars tr")].map(text)).toEqual([
      "question 30",
      "scenario 13",
      "0–49 3",
      "50 or more 40",
      "duplicate of another row 2",
    ]);
    expect(text(find(".charts"))).toContain("2 rows say what another row");
    expect(text(find(".charts"))).toContain("keeps no record of refused rows");
  });

  it("lead to the rows of a cell", () => {
    show({ look, charts });
    find(".heat .link").click();
    expect(looks().at(-1)).toMatchObject({
      view: "rows",
      query: { filters: { section: ["Prices › Express"], category: ["factual"] } },
    });
  });
});

it("says why a folder cannot be shown", () => {
  page.receive({ type: "problem", message: "Permission is denied." });
  expect(text(main)).toContain("Permission is denied.");
});

it.each([
  ["rows", { rows: dataset.rows.slice(0, 5) }],
  ["charts", { look: { ...dataset.look, view: "charts" as const }, charts, rows: [] }],
])(
  "gives axe nothing to find in the %s",
  async (_, change) => {
    show(change);
    // Colours are of the theme: test/e2e/inspector.test.ts looks at them.
    const { violations } = await axe.run(main, { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  },
  60_000,
);

import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { findIn } from "../../webview/runs/find.ts";
import { LogView } from "../../webview/runs/log.ts";

describe("findIn", () => {
  const unit = fc.constantFrom("a", "A", "b", ".", "*", "(");
  const lines = fc.array(fc.string({ unit }), { maxLength: 8 });
  const words = fc.string({ unit, maxLength: 3 });

  it("loses and adds nothing, and numbers every place where the words stand", () => {
    fc.assert(
      fc.property(lines, words, (given, sought) => {
        const { lines: found, matches } = findIn(given, sought);
        expect(found.map((pieces) => pieces.map(({ text }) => text).join(""))).toEqual(given);
        const marked = found.flat().filter(({ match }) => match !== undefined);
        expect(marked.map(({ match }) => match)).toEqual(marked.map((_, index) => index));
        expect(marked).toHaveLength(matches);
        for (const { text } of marked) expect(text.toLowerCase()).toBe(sought.toLowerCase());
        for (const { text } of found.flat().filter(({ match }) => match === undefined)) {
          if (sought !== "") expect(text.toLowerCase()).not.toContain(sought.toLowerCase());
        }
      }),
    );
  });
});

describe("the log", () => {
  customElements.define("ingrain-log", LogView);
  let log: LogView;

  beforeEach(() => {
    log = new LogView();
    log.lines = ["epoch 1", "<script>alert(1)</script>", "Epoch 2"];
    document.body.replaceChildren(log);
  });

  const field = () => log.querySelector<HTMLElement & { value: string }>("vscode-text-field")!;
  const status = () => log.querySelector("[role=status]")!.textContent;
  const follow = () => log.querySelector<HTMLElement>(".choice")!;
  const search = (words: string) => {
    field().value = words;
    field().dispatchEvent(new Event("input"));
  };
  const press = (key: string, shiftKey = false) =>
    field().dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, cancelable: true }));
  const current = () =>
    [...log.querySelectorAll("mark")].findIndex((mark) => mark.className === "current");

  it("never reads its lines as markup", () => {
    expect(log.querySelector("script")).toBeNull();
    expect([...log.querySelectorAll(".lines > div")].map((line) => line.textContent)).toEqual([
      "epoch 1",
      "<script>alert(1)</script>",
      "Epoch 2",
    ]);
  });

  it("goes from match to match, round and round", () => {
    search("epoch");
    expect(status()).toBe("1 of 2");
    press("Enter");
    expect([status(), current()]).toEqual(["2 of 2", 1]);
    press("Enter");
    expect([status(), current()]).toEqual(["1 of 2", 0]);
    press("Enter", true);
    expect([status(), current()]).toEqual(["2 of 2", 1]);
    search("nothing");
    expect(status()).toBe("No results");
    press("Escape");
    expect(status()).toBe("");
    expect(log.querySelector("mark")).toBeNull();
  });

  it("follows until a match is looked at, and again when it is told to", () => {
    expect(follow().getAttribute("aria-pressed")).toBe("true");
    search("epoch");
    expect(follow().getAttribute("aria-pressed")).toBe("false");
    follow().click();
    expect(follow().getAttribute("aria-pressed")).toBe("true");
  });

  it("keeps the search while lines come", () => {
    search("epoch");
    press("Enter");
    log.lines = ["epoch 1", "Epoch 2", "epoch 3"];
    expect(status()).toBe("2 of 3");
  });
});

/** What the keys do while no field is edited. */
export type Action =
  | { type: "move"; by: number }
  | { type: "go"; to: "first" | "last" }
  | { type: "judge"; verdict: "approved" | "rejected" | "withdrawn" }
  | { type: "edit" | "search" | "regenerate" | "undo" | "source" };

export interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** @param page rows that one page has. */
export function actionOf({ key, ctrlKey, metaKey, altKey }: Key, page: number): Action | undefined {
  if (altKey) return undefined;
  if (ctrlKey || metaKey) return key === "z" ? { type: "undo" } : undefined;
  switch (key) {
    case "j":
    case "ArrowDown":
      return { type: "move", by: 1 };
    case "k":
    case "ArrowUp":
      return { type: "move", by: -1 };
    case "PageDown":
      return { type: "move", by: page };
    case "PageUp":
      return { type: "move", by: -page };
    case "Home":
      return { type: "go", to: "first" };
    case "End":
      return { type: "go", to: "last" };
    case "a":
      return { type: "judge", verdict: "approved" };
    case "r":
      return { type: "judge", verdict: "rejected" };
    case "w":
      return { type: "judge", verdict: "withdrawn" };
    case "e":
      return { type: "edit" };
    case "g":
      return { type: "regenerate" };
    case "u":
      return { type: "undo" };
    case "Enter":
      return { type: "source" };
    case "/":
      return { type: "search" };
    default:
      return undefined;
  }
}

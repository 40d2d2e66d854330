/**
 * A footnote: its number in the line, its words in a box of their own while the cursor is in it.
 *
 * The two empty elements beside the words are walls. ProseMirror takes positions with nothing
 * between them for the same, and would leave the caret outside a note that one has just opened.
 */
import type { NodeView } from "prosemirror-view";
import { el } from "../room/dom.ts";

const wall = (): HTMLElement => el("span", { class: "wall", contenteditable: "false" });

export function footnoteView(): NodeView {
  const words = el("span", { class: "note" });
  const dom = el("span", { "data-footnote": true }, wall(), words, wall());
  return {
    dom,
    contentDOM: words,
    ignoreMutation: (mutation) => mutation.type !== "selection" && !words.contains(mutation.target),
  };
}

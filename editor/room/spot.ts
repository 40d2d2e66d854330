/** Going to a place in the text: a block, or words in it, named by an address or by a finding. */
import { TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { findBlock, positionAt } from "../offsets.ts";

export interface Spot {
  readonly block: string;
  /** Offsets in the block's plain text; equal for the block as a whole. */
  readonly start: number;
  readonly end: number;
}

/** `#b-<block>:<start>-<end>`, or without words. */
export function spotOf(hash: string): Spot | null {
  const named = /^#b(?:lock)?-([A-Za-z0-9_-]{1,40})(?::(\d{1,9})-(\d{1,9}))?$/.exec(hash);
  return named && { block: named[1]!, start: Number(named[2] ?? 0), end: Number(named[3] ?? 0) };
}

/** Shows the block and selects the words; false when the block is not in this section. */
export function showSpot(view: EditorView, { block, start, end }: Spot, focus = true): boolean {
  const found = findBlock(view.state.doc, block);
  if (!found) return false;
  const dom = view.nodeDOM(found.position);
  if (!(dom instanceof HTMLElement)) return false;
  if (end > start && found.node.isTextblock) {
    const size = found.node.content.size;
    const from = positionAt(found.node, found.position, start) ?? found.position + 1;
    const to = positionAt(found.node, found.position, end) ?? found.position + 1 + size;
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to)));
    if (focus) view.focus();
  }
  dom.scrollIntoView({ block: "center" });
  dom.classList.add("shown");
  setTimeout(() => dom.classList.remove("shown"), 2_000);
  return true;
}

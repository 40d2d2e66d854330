/**
 * Reads where the cursor is before a key is acted on, or something is copied or pasted. The browser moves
 * the cursor at once and tells of it later; on a busy machine the next act comes in between, and would be
 * done where the cursor was before.
 */
import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

/** What the browser will say anyway: the view compares, and changes its selection only if it is news. */
const settle = ({ dom }: EditorView): boolean => {
  dom.ownerDocument.dispatchEvent(new Event("selectionchange"));
  return false;
};

export const settled = (): Plugin => new Plugin({ props: { handleDOMEvents: { keydown: settle, paste: settle, copy: settle, cut: settle } } });

/** Keys inside a footnote, which is a line of its own inside the line it belongs to. */
import { type Command, TextSelection } from "prosemirror-state";
import type { ResolvedPos } from "prosemirror-model";

export function footnoteDepth($pos: ResolvedPos): number {
  for (let depth = $pos.depth; depth > 0; depth--) if ($pos.node(depth).type.name === "footnote") return depth;
  return 0;
}

/** Leaves the note; the cursor goes on after it. */
export const leaveFootnote: Command = (state, dispatch) => {
  const { $head } = state.selection;
  const depth = footnoteDepth($head);
  if (!depth) return false;
  dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, $head.after(depth))).scrollIntoView());
  return true;
};

/** An empty note goes; at the edge of a full one nothing must be joined or lifted around it. */
export const guardEdge =
  (side: "start" | "end"): Command =>
  (state, dispatch) => {
    const { $head, empty } = state.selection;
    const depth = footnoteDepth($head);
    if (!depth || !empty) return false;
    const edge = side === "start" ? $head.start(depth) : $head.end(depth);
    if ($head.pos !== edge) return false;
    if ($head.node(depth).content.size === 0) dispatch?.(state.tr.delete($head.before(depth), $head.after(depth)));
    return true;
  };

/** Arrows go through a note as through any words: in at its number, out at its other end. */
export const arrow =
  (to: "left" | "right"): Command =>
  (state, dispatch) => {
    const { $head, empty } = state.selection;
    if (!empty) return false;
    const right = to === "right";
    const depth = footnoteDepth($head);
    const beside = right ? $head.nodeAfter : $head.nodeBefore;
    let target: number;
    if (depth && $head.pos === (right ? $head.end(depth) : $head.start(depth))) target = right ? $head.after(depth) : $head.before(depth);
    else if (!depth && beside?.type.name === "footnote") target = $head.pos + (right ? 1 : -1);
    else return false;
    dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, target)).scrollIntoView());
    return true;
  };

/** A click on the number opens the note with the cursor in it. */
export const openFootnote =
  (position: number): Command =>
  (state, dispatch) => {
    const node = state.doc.nodeAt(position);
    if (node?.type.name !== "footnote") return false;
    dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, position + 1 + node.content.size)));
    return true;
  };

/** A callout or recommendation gives its paragraphs back to the text around it. */
import { Slice } from "prosemirror-model";
import type { Command } from "prosemirror-state";

export const liftContent =
  (position: number): Command =>
  (state, dispatch) => {
    const node = state.doc.nodeAt(position);
    if (!node || node.isLeaf) return false;
    const parent = state.doc.resolve(position).parent;
    const index = state.doc.resolve(position).index();
    if (!parent.canReplace(index, index + 1, node.content)) return false;
    dispatch?.(state.tr.replace(position, position + node.nodeSize, new Slice(node.content, 0, 0)).scrollIntoView());
    return true;
  };

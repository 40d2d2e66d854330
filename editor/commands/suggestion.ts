/** Accepting or rejecting one suggestion: every piece of it, wherever it stands in the section. */
import type { Node } from "prosemirror-model";
import type { Command, EditorState } from "prosemirror-state";
import { schema } from "../schema.ts";
import type { Decision } from "../suggestions.ts";

const NAMES = ["insertion", "deletion", "modification"] as const;

/** The id of the suggestion at the cursor, or null. */
export function suggestionAt(state: EditorState): string | null {
  const { $from } = state.selection;
  const nodes: (Node | null)[] = [$from.nodeAfter, $from.nodeBefore];
  for (let depth = $from.depth; depth > 0; depth--) nodes.push($from.node(depth));
  for (const node of nodes) {
    const mark = node?.marks.find(({ type }) => (NAMES as readonly string[]).includes(type.name));
    if (mark) return String(mark.attrs["id"]);
  }
  return null;
}

export const resolveSuggestion =
  (id: string, decision: Decision): Command =>
  (state, dispatch) => {
    const tr = state.tr;
    const gone: { from: number; to: number }[] = [];
    state.doc.descendants((node, position) => {
      for (const mark of node.marks) {
        if (mark.attrs["id"] !== id || !(NAMES as readonly string[]).includes(mark.type.name)) continue;
        const goes = mark.type.name === (decision === "accept" ? "deletion" : "insertion");
        if (goes) gone.push({ from: position, to: position + node.nodeSize });
        else if (node.isInline) tr.removeMark(position, position + node.nodeSize, mark);
        else tr.removeNodeMark(position, mark);
        if (goes) return false;
      }
      return true;
    });
    for (const { from, to } of gone.reverse()) {
      if (to - from >= tr.doc.content.size) tr.replaceWith(from, to, schema.nodes["paragraph"]!.create());
      else if (state.doc.nodeAt(from)?.isInline) tr.delete(from, to);
      else tr.deleteRange(from, to);
    }
    if (!tr.docChanged) return false;
    dispatch?.(tr.scrollIntoView());
    return true;
  };

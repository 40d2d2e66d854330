/** A suggestion decided on the page itself, in plain steps: the writing room leaves that to the server, a story mixes it in. */
/** Accepting or rejecting one suggestion: every piece of it, wherever it stands in the section. */
import type { Command } from "prosemirror-state";
import { schema } from "../schema.ts";
import type { Decision } from "../suggestions.ts";

const NAMES = ["insertion", "deletion", "modification"] as const;

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

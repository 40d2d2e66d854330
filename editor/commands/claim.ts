/** Marking words as a claim of the register. Claims may overlap: one sentence can hold two. */
import type { Mark, Node } from "prosemirror-model";
import { type Command, type EditorState, TextSelection } from "prosemirror-state";
import { schema } from "../schema.ts";

const type = schema.marks["claim"]!;

/** The selection, inside one textblock and with words in it; null otherwise. */
export function selectedWords(state: EditorState): { from: number; to: number; words: string } | null {
  const { from, to, $from, $to } = state.selection;
  if (!(state.selection instanceof TextSelection) || from === to || !$from.sameParent($to) || !$from.parent.isTextblock) return null;
  const words = state.doc.textBetween(from, to, " ", " ").replace(/\s+/g, " ").trim();
  return words ? { from, to, words } : null;
}

export const markClaim =
  (id: string, range?: { from: number; to: number }): Command =>
  (state, dispatch) => {
    const { from, to } = range ?? state.selection;
    if (from >= to) return false;
    dispatch?.(state.tr.addMark(from, to, type.create({ id })).removeStoredMark(type));
    return true;
  };

const ofClaim = (node: Node, id: string): Mark | undefined => node.marks.find((mark) => mark.type === type && mark.attrs["id"] === id);

/** Every run of words marked as this claim, in order. */
export function runsOf(doc: Node, id: string): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  doc.descendants((node, position) => {
    if (!node.isInline || !ofClaim(node, id)) return;
    const last = runs.at(-1);
    if (last && last.to === position) last.to = position + node.nodeSize;
    else runs.push({ from: position, to: position + node.nodeSize });
  });
  return runs;
}

/** Takes the mark away wherever it stands in the section; the words stay. */
export const unmarkClaim =
  (id: string): Command =>
  (state, dispatch) => {
    const runs = runsOf(state.doc, id);
    if (!runs.length) return false;
    if (dispatch) {
      const tr = state.tr;
      for (const { from, to } of runs) tr.removeMark(from, to, type.create({ id }));
      dispatch(tr);
    }
    return true;
  };

/** The claim at the cursor, or that all of the selection is marked with; "" for none. */
export function claimAt(state: EditorState): string {
  const { $from, empty } = state.selection;
  const node = empty ? ($from.nodeAfter ?? $from.nodeBefore) : $from.nodeAfter;
  const found = (node?.marks ?? []).find((mark) => mark.type === type);
  return found ? String(found.attrs["id"]) : "";
}

/** Marks with values: links and languages. The plain ones are `toggleMark`. */
import type { Mark, MarkType } from "prosemirror-model";
import { type Command, type EditorState, TextSelection } from "prosemirror-state";
import { schema } from "../schema.ts";

/** The words to mark: the selection, or the whole run of the mark the cursor stands in. */
export function reach(state: EditorState, type: MarkType): { from: number; to: number; mark: Mark | undefined } {
  const { from, to, $from, empty } = state.selection;
  if (!empty) return { from, to, mark: type.isInSet($from.nodeAfter?.marks ?? []) };
  const mark = type.isInSet($from.marks());
  if (!mark) return { from, to, mark: undefined };
  const parent = $from.parent;
  let start = $from.pos;
  let end = $from.pos;
  parent.forEach((child, offset) => {
    const begin = $from.start() + offset;
    if (!mark.isInSet(child.marks)) return;
    if (begin <= $from.pos && begin + child.nodeSize >= $from.pos) {
      start = Math.min(start, begin);
      end = Math.max(end, begin + child.nodeSize);
    }
  });
  return { from: start, to: end, mark };
}

/** Sets the mark with these attributes, or removes it when there are none. */
export const setMark =
  (name: "link" | "language", attrs: Record<string, string> | null): Command =>
  (state, dispatch) => {
    const type = schema.marks[name]!;
    const { from, to } = reach(state, type);
    if (from === to) return false;
    if (dispatch) {
      const tr = state.tr.removeMark(from, to, type);
      if (attrs) tr.addMark(from, to, type.create(attrs));
      dispatch(tr.setSelection(TextSelection.create(tr.doc, to)).removeStoredMark(type));
    }
    return true;
  };

const RIGHT_TO_LEFT = /^(ar|he|fa|ur|ps|yi|dv|ckb|ug|sd)(-|$)/i;
export const directionOf = (language: string): "ltr" | "rtl" => (RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr");

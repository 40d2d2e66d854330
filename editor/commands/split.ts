/** Enter: a heading or a caption is followed by a plain paragraph, never by another of its kind. */
import { splitBlockAs } from "prosemirror-commands";
import { type Command, Selection } from "prosemirror-state";
import { newId } from "../ids.ts";
import { schema } from "../schema.ts";

const paragraph = schema.nodes["paragraph"]!;
const split = splitBlockAs((node, atEnd) => (atEnd && node.type.name === "heading" ? { type: paragraph } : null));

export const splitBlockPlain: Command = (state, dispatch, view) => {
  const { $head, empty } = state.selection;
  if ($head.parent.type.name !== "figure") return $head.parent.type.name === "heading" && empty ? split(state, dispatch, view) : false;
  const after = $head.after();
  if (dispatch) {
    const tr = state.tr.insert(after, paragraph.create({ id: newId() }));
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve(after + 1))).scrollIntoView());
  }
  return true;
};

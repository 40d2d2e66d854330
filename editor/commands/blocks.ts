/** What a paragraph is: plain, a heading, a quotation, a list; and the state the toolbar shows. */
import { lift, setBlockType, wrapIn } from "prosemirror-commands";
import { liftListItem, sinkListItem, wrapInList } from "prosemirror-schema-list";
import type { Command, EditorState } from "prosemirror-state";
import type { Attrs, NodeType } from "prosemirror-model";
import { schema } from "../schema.ts";

const type = (name: string): NodeType => schema.nodes[name]!;

/** The block stays the one it was: comments, history and comparisons know it by its id. */
const setBlock =
  (kind: NodeType, attrs: Attrs = {}): Command =>
  (state, dispatch) => {
    if (!setBlockType(kind, attrs)(state)) return false;
    const tr = state.tr;
    for (const { $from, $to } of state.selection.ranges) tr.setBlockType($from.pos, $to.pos, kind, (old) => ({ ...attrs, id: old.attrs["id"] as string }));
    dispatch?.(tr.scrollIntoView());
    return true;
  };

export const setParagraph: Command = setBlock(type("paragraph"));
export const setHeading = (level: number): Command => setBlock(type("heading"), { level });

/** The names of the nodes around the cursor, outermost first. */
export function around(state: EditorState): string[] {
  const names: string[] = [];
  const { $from } = state.selection;
  for (let depth = 1; depth <= $from.depth; depth++) names.push($from.node(depth).type.name);
  return names;
}

/** "paragraph", "heading-2" …, or "" when the selection is in none of them. */
export function blockStyle(state: EditorState): string {
  const { $from, to } = state.selection;
  const parent = $from.parent;
  if (to > $from.end()) return "mixed";
  if (parent.type.name === "heading") return `heading-${String(parent.attrs["level"])}`;
  return parent.type.name === "paragraph" ? "paragraph" : "mixed";
}

const item = type("list_item");
export const sink: Command = sinkListItem(item);
export const liftItem: Command = liftListItem(item);

/** A second press takes the list away, the other list's button turns one into the other. */
export const toggleList =
  (name: "bullet_list" | "ordered_list"): Command =>
  (state, dispatch, view) => {
    const { $from, $to } = state.selection;
    const range = $from.blockRange($to);
    for (let depth = range?.depth ?? 0; depth > 0; depth--) {
      const node = $from.node(depth);
      if (node.type.name === name) return liftItem(state, dispatch);
      if (node.type.name === "bullet_list" || node.type.name === "ordered_list") {
        dispatch?.(state.tr.setNodeMarkup($from.before(depth), type(name), { id: node.attrs["id"] }));
        return true;
      }
    }
    return wrapInList(type(name))(state, dispatch, view);
  };

export const toggleQuote: Command = (state, dispatch) =>
  around(state).includes("block_quote") ? lift(state, dispatch) : wrapIn(type("block_quote"))(state, dispatch);

/** Putting new things into the text. */
import { Fragment, type Node } from "prosemirror-model";
import { type Command, type EditorState, NodeSelection, Selection, TextSelection, type Transaction } from "prosemirror-state";
import { newId } from "../ids.ts";
import { type CitationItem, schema } from "../schema.ts";

const make = (name: string, attrs: Record<string, unknown> = {}, content?: Node | Node[]): Node =>
  schema.nodes[name]!.create(attrs, content);
const paragraph = (): Node => make("paragraph", { id: newId() });

/**
 * Puts a block where one may stand: in place of an empty paragraph, else after the top-level block
 * the cursor is in. The cursor goes to the block's first text.
 */
export const insertBlock =
  (block: Node): Command =>
  (state, dispatch) => {
    const { $from } = state.selection;
    const empty = $from.depth === 1 && $from.parent.type.name === "paragraph" && $from.parent.content.size === 0;
    const position = $from.depth === 0 ? $from.pos : empty ? $from.before(1) : $from.after(1);
    if (dispatch) {
      const tr = state.tr;
      if (empty) tr.replaceWith(position, $from.after(1), block);
      else tr.insert(position, block);
      // Something must be there to write on after the block.
      if (position + block.nodeSize === tr.doc.content.size) tr.insert(tr.doc.content.size, paragraph());
      tr.setSelection(Selection.near(tr.doc.resolve(position + 1))).scrollIntoView();
      dispatch(tr);
    }
    return true;
  };

/** A wrapper takes the selected paragraphs in when it can, else it comes empty. */
export const insertWrapper =
  (name: "callout" | "recommendation", attrs: Record<string, unknown>): Command =>
  (state, dispatch) => {
    const { $from, $to, empty } = state.selection;
    const id = newId();
    const blocks: Node[] = [];
    if (!empty && $from.depth > 0 && $to.depth > 0) {
      const doc = state.doc;
      for (let i = $from.index(0); i <= $to.index(0); i++) blocks.push(doc.child(i));
      const wrapper = schema.nodes[name]!;
      if (wrapper.validContent(Fragment.fromArray(blocks))) {
        dispatch?.(state.tr.replaceWith($from.before(1), $to.after(1), wrapper.create({ ...attrs, id }, blocks)).scrollIntoView());
        return true;
      }
    }
    return insertBlock(make(name, { ...attrs, id }, paragraph()))(state, dispatch);
  };

export interface TableShape {
  readonly rows: number;
  readonly columns: number;
  readonly caption: string;
  readonly headerRow: boolean;
  readonly headerColumn: boolean;
}

export function buildTable({ rows, columns, caption, headerRow, headerColumn }: TableShape): Node {
  const cell = (row: number, column: number): Node => {
    const scope = headerRow && row === 0 ? "col" : headerColumn && column === 0 ? "row" : "";
    return make(scope ? "table_header" : "table_cell", { id: newId(), ...(scope ? { scope } : {}) }, paragraph());
  };
  const row = (index: number): Node =>
    make("table_row", { id: newId() }, Array.from({ length: columns }, (_, column) => cell(index, column)));
  return make("table", { id: newId(), caption }, Array.from({ length: rows }, (_, index) => row(index)));
}

export const insertTable = (shape: TableShape): Command => insertBlock(buildTable(shape));

export const insertFigure = (attrs: Record<string, unknown>, caption: string): Command =>
  insertBlock(make("figure", { ...attrs, id: newId() }, caption ? [schema.text(caption)] : []));

/** Out of a table, a callout, a recommendation or a list: on to a new paragraph after it. */
export const leaveBlock: Command = (state, dispatch) => {
  const { $head } = state.selection;
  if ($head.depth < 2) return false;
  const after = $head.after(1);
  if (dispatch) {
    const next = state.doc.nodeAt(after);
    const tr = state.tr;
    if (next?.type.name !== "paragraph" || next.content.size) tr.insert(after, paragraph());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
  }
  return true;
};

function insertInline(node: Node, select?: (tr: Transaction, position: number) => void): Command {
  return (state, dispatch) => {
    const { $to, from, to } = state.selection;
    if (!$to.parent.inlineContent || !$to.parent.canReplaceWith($to.index(), $to.index(), node.type)) return false;
    if (dispatch) {
      const tr = state.tr;
      // Words that were selected stay: a note or a source belongs after them.
      const position = node.type.name === "hard_break" ? (tr.delete(from, to), from) : to;
      tr.insert(position, node);
      if (select) select(tr, position);
      else tr.setSelection(TextSelection.create(tr.doc, position + node.nodeSize));
      dispatch(tr.scrollIntoView());
    }
    return true;
  };
}

export const insertFootnote: Command = (state, dispatch) =>
  insertInline(make("footnote", { id: newId() }), (tr, position) => tr.setSelection(TextSelection.create(tr.doc, position + 1)))(
    state,
    dispatch,
  );

export const insertCitation = (items: readonly CitationItem[]): Command => insertInline(make("citation", { items }));
export const insertReference = (target: string): Command => insertInline(make("cross_reference", { target }));
export const insertBreak: Command = (state, dispatch) => insertInline(make("hard_break"))(state, dispatch);

/** The selected citation or cross-reference, if one is selected. */
export function selectedAtom(state: EditorState, name: string): Node | null {
  const { selection } = state;
  return selection instanceof NodeSelection && selection.node.type.name === name ? selection.node : null;
}

export const replaceSelectedAtom =
  (attrs: Record<string, unknown>): Command =>
  (state, dispatch) => {
    if (!(state.selection instanceof NodeSelection)) return false;
    const { from, node } = state.selection;
    dispatch?.(state.tr.replaceWith(from, from + node.nodeSize, node.type.create(attrs, null, node.marks)));
    return true;
  };

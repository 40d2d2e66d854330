/** Header cells say what they are the header of: ProseMirror's commands know no scope. */
import { type Command, EditorState, Selection } from "prosemirror-state";
import { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, CellSelection, goToNextCell, isInTable, selectedRect, selectionCell, toggleHeader as toggling, toggleHeaderCell } from "prosemirror-tables";
import { schema } from "../schema.ts";

/** Runs the toggle, then gives the header cells it made their scope: "row" in the first column, "col" elsewhere. */
const withScope =
  (command: Command): Command =>
  (state, dispatch) => {
    if (!isInTable(state)) return false;
    if (!dispatch) return command(state);
    return command(state, (tr) => {
      const after = EditorState.create({ doc: tr.doc, selection: tr.selection });
      const { map, table, tableStart } = selectedRect(after);
      for (const offset of new Set(map.map)) {
        const cell = table.nodeAt(offset)!;
        // A toggle moves nothing: what stood here before was this very cell.
        const was = state.doc.nodeAt(tableStart + offset);
        if (cell.type.name !== "table_header" || was?.type.name === "table_header") continue;
        const { top, left } = map.findCell(offset);
        const scope = top > 0 && left === 0 ? "row" : "col";
        if (cell.attrs["scope"] !== scope) tr.setNodeAttribute(tableStart + offset, "scope", scope);
      }
      dispatch(tr);
    });
  };

export const toggleHeaderRow = withScope(toggling("row"));
export const toggleHeaderColumn = withScope(toggling("column"));
export const toggleHeader = withScope(toggleHeaderCell);

/** A new row's cells look up and down, a new column's to their sides. */
type Way = "row" | "col";

/** Runs what adds a row or column; its header cells head what their neighbours in the old ones do. */
const likeNeighbours =
  (command: Command, way: Way): Command =>
  (state, dispatch) => {
    if (!dispatch || !isInTable(state)) return isInTable(state) && command(state);
    const before = selectedRect(state);
    return command(state, (tr) => {
      const kept = new Set(before.map.map.map((offset) => tr.mapping.map(before.tableStart + offset)));
      const { map, table, tableStart } = selectedRect(EditorState.create({ doc: tr.doc, selection: tr.selection }));
      const scopeAt = (row: number, column: number): string => {
        if (row < 0 || column < 0 || row >= map.height || column >= map.width) return "";
        const offset = map.map[row * map.width + column]!;
        return kept.has(tableStart + offset) ? String(table.nodeAt(offset)!.attrs["scope"] ?? "") : "";
      };
      for (const offset of new Set(map.map)) {
        if (kept.has(tableStart + offset) || table.nodeAt(offset)!.type.name !== "table_header") continue;
        const { top, left, bottom, right } = map.findCell(offset);
        const beside = way === "row" ? [scopeAt(top - 1, left), scopeAt(bottom, left)] : [scopeAt(top, left - 1), scopeAt(top, right)];
        const scope = beside.find((each) => each.startsWith(way)) ?? beside.find(Boolean);
        if (scope) tr.setNodeAttribute(tableStart + offset, "scope", scope);
      }
      dispatch(tr);
    });
  };

export const rowBefore = likeNeighbours(addRowBefore, "row");
export const rowAfter = likeNeighbours(addRowAfter, "row");
export const columnBefore = likeNeighbours(addColumnBefore, "col");
export const columnAfter = likeNeighbours(addColumnAfter, "col");

/** The positions of the cells that are selected, or of the one the cursor is in. */
function chosenCells(state: EditorState): number[] {
  const { selection } = state;
  if (!(selection instanceof CellSelection)) return isInTable(state) ? [selectionCell(state).pos] : [];
  const positions: number[] = [];
  selection.forEachCell((_cell, position) => positions.push(position));
  return positions;
}

/** What the first chosen cell heads; "" when it heads nothing. */
export function scopeOf(state: EditorState): string {
  const [first] = chosenCells(state);
  return first === undefined ? "" : String(state.doc.nodeAt(first)?.attrs["scope"] ?? "");
}

/** The chosen cells head a column, a row or a group of them; "" makes plain cells of them. */
export const setScope =
  (scope: string): Command =>
  (state, dispatch) => {
    const cells = chosenCells(state);
    if (!cells.length) return false;
    if (dispatch) {
      const tr = state.tr;
      for (const position of cells) {
        const { id, colspan, rowspan, colwidth } = state.doc.nodeAt(position)!.attrs;
        const type = schema.nodes[scope ? "table_header" : "table_cell"]!;
        tr.setNodeMarkup(position, type, { id, colspan, rowspan, colwidth, ...(scope ? { scope } : {}) });
      }
      dispatch(tr);
    }
    return true;
  };

/** Tab: the next cell, and after the last one a new row. */
export const nextCell: Command = (state, dispatch, view) => {
  if (!isInTable(state)) return false;
  if (goToNextCell(1)(state, dispatch, view)) return true;
  if (!dispatch) return true;
  return rowAfter(state, (tr) => {
    const after = EditorState.create({ doc: tr.doc, selection: tr.selection });
    const { map, tableStart } = selectedRect(after);
    const first = map.map[(map.height - 1) * map.width]!;
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve(tableStart + first + 1))).scrollIntoView());
  });
};

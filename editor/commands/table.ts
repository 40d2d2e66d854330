/** Header cells say what they are the header of: ProseMirror's commands know no scope. */
import { type Command, EditorState } from "prosemirror-state";
import { isInTable, selectedRect, toggleHeader } from "prosemirror-tables";

const toggle = (kind: "row" | "column"): Command => toggleHeader(kind);

/** Runs the toggle, then gives the first column's header cells the scope "row", the first row's "col". */
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
        if (cell.type.name !== "table_header") continue;
        const { top, left } = map.findCell(offset);
        const scope = top === 0 ? "col" : left === 0 ? "row" : String(cell.attrs["scope"]);
        if (cell.attrs["scope"] !== scope) tr.setNodeAttribute(tableStart + offset, "scope", scope);
      }
      dispatch(tr);
    });
  };

export const toggleHeaderRow = withScope(toggle("row"));
export const toggleHeaderColumn = withScope(toggle("column"));

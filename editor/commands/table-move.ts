/**
 * A row or column changes places with its neighbour. Nothing is moved that would tear a merged cell, nor a header away
 * from what it heads. It is the neighbour that is taken out and put in again, with its ids: what is under the cursor
 * is not touched, and a co-author's words in other rows are not either.
 */
import type { Node } from "prosemirror-model";
import type { Command, Transaction } from "prosemirror-state";
import { isInTable, selectedRect, type TableRect } from "prosemirror-tables";

const kinds = (row: Node): string => row.children.map(({ type }) => type.name).join();

/** `first` and `second` stand beside each other; `by` says which of them is the neighbour that makes way. */
function swap(tr: Transaction, first: number, by: number): void {
  const one = tr.doc.nodeAt(first)!;
  const two = tr.doc.nodeAt(first + one.nodeSize)!;
  if (by < 0) tr.delete(first, first + one.nodeSize).insert(first + two.nodeSize, one);
  else tr.delete(first + one.nodeSize, first + one.nodeSize + two.nodeSize).insert(first, two);
}

/** Whether a row's cells are all its own, and no other's reach into it. */
const whole = (row: Node, width: number): boolean =>
  row.children.every(({ attrs }) => attrs["rowspan"] === 1) && row.children.reduce((sum, { attrs }) => sum + Number(attrs["colspan"]), 0) === width;

/** Where the two rows or columns begin in the document, one pair for each place; null when they must stay. */
type Pairs = (rect: TableRect, by: number) => number[] | null;

const rows: Pairs = ({ table, tableStart, map, top, bottom }, by) => {
  const first = by < 0 ? top - 1 : top;
  if (bottom - top !== 1 || first < 0 || first + 1 >= map.height) return null;
  const [one, two] = [table.child(first), table.child(first + 1)];
  if (!whole(one, map.width) || !whole(two, map.width)) return null;
  const heads = (row: Node): boolean => row.children.every(({ type }) => type.name === "table_header");
  if (kinds(one) !== kinds(two) && (heads(one) || heads(two))) return null;
  let at = tableStart;
  for (let row = 0; row < first; row++) at += table.child(row).nodeSize;
  return [at];
};

const columns: Pairs = ({ table, tableStart, map, left, right }, by) => {
  const first = by < 0 ? left - 1 : left;
  if (right - left !== 1 || first < 0 || first + 1 >= map.width) return null;
  const found = new Set<number>();
  for (let row = 0; row < map.height; row++) {
    const [a, b] = [map.map[row * map.width + first]!, map.map[row * map.width + first + 1]!];
    const [one, two] = [table.nodeAt(a)!, table.nodeAt(b)!];
    const single = one.attrs["colspan"] === 1 && two.attrs["colspan"] === 1 && one.attrs["rowspan"] === two.attrs["rowspan"];
    if (!single || one.type !== two.type || b !== a + one.nodeSize) return null;
    found.add(tableStart + a);
  }
  return [...found];
};

const moving =
  (pairs: Pairs, by: number): Command =>
  (state, dispatch) => {
    const found = isInTable(state) ? pairs(selectedRect(state), by) : null;
    if (!found) return false;
    if (dispatch) {
      const tr = state.tr;
      // A pair keeps its length, so that no later one moves.
      for (const first of found) swap(tr, first, by);
      dispatch(tr.scrollIntoView());
    }
    return true;
  };

export const moveRowUp = moving(rows, -1);
export const moveRowDown = moving(rows, 1);
export const moveColumnBack = moving(columns, -1);
export const moveColumnOn = moving(columns, 1);

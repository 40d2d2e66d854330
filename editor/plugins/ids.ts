/**
 * Gives every new block an id of its own in the same breath as the change that made it, so that a
 * split, a paste or an undo never leaves twins: the server refuses them.
 *
 * Of two twins the one that stood there before keeps the id, unless it was left empty (Enter at the
 * start of a paragraph): comments follow the words.
 */
import type { Node } from "prosemirror-model";
import { Plugin, type EditorState, type Transaction } from "prosemirror-state";
import { Mapping } from "prosemirror-transform";
import { carriesId, faultyId, newId } from "../ids.ts";

function places(doc: Node): Map<string, number[]> {
  const found = new Map<string, number[]>();
  doc.descendants((node, position) => {
    if (!carriesId(node)) return;
    const id = String(node.attrs.id);
    const at = found.get(id);
    if (at) at.push(position);
    else found.set(id, [position]);
  });
  return found;
}

function keeper(doc: Node, positions: readonly number[], before: number | null): number {
  const full = positions.filter((position) => doc.nodeAt(position)!.content.size > 0);
  const candidates = full.length ? full : positions;
  return before !== null && candidates.includes(before) ? before : candidates[0]!;
}

/** A transaction that repairs the new document's ids, or null when they are well. */
export function repairIds(transactions: readonly Transaction[], old: EditorState, state: EditorState): Transaction | null {
  if (!transactions.some((tr) => tr.docChanged) || faultyId(state.doc) === null) return null;
  const mapping = new Mapping(transactions.flatMap((tr) => tr.mapping.maps));
  const before = places(old.doc);
  const tr = state.tr;
  for (const [id, positions] of places(state.doc)) {
    if (id !== "" && positions.length === 1) continue;
    const was = before.get(id)?.[0];
    const kept = id === "" ? -1 : keeper(state.doc, positions, was === undefined ? null : mapping.map(was));
    for (const position of positions) {
      if (position !== kept) tr.setNodeAttribute(position, "id", newId());
    }
  }
  return tr;
}

export const ids = (): Plugin => new Plugin({ appendTransaction: repairIds });

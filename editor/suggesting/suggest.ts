/**
 * A change made as a suggestion. The change is made in secret first; what it came to is then said as
 * suggestions on the text as it stands, and what was said is proven before it is shown: rejected, it leaves
 * the text as it was; accepted, it gives what the change would have given. What cannot be proven is refused.
 */
import type { Node } from "prosemirror-model";
import type { EditorState, Selection, Transaction } from "prosemirror-state";
import { TableMap } from "prosemirror-tables";
import { Mapping, ReplaceStep, Transform } from "prosemirror-transform";
import { Refusal } from "../refusal.ts";
import { schema } from "../schema.ts";
import { type Decisions, isSuggestion, resolveBlocks } from "../suggestions.ts";
import { Brush, type Mine } from "./brush.ts";
import { unsuggested } from "./inline.ts";
import { planBlocks, planCoarsely } from "./plan.ts";
import { plain, type Entry, type Hull } from "./tokens.ts";

/** What a change came to, without suggestions of anybody in the words that are new. */
export interface Goal {
  readonly doc: Node;
  readonly hull: Hull | null;
  readonly several: boolean;
}

export interface Wanted extends Goal {
  readonly selection: Selection;
}

/** The change as it would be made in the text itself, repairs of the editor included. */
export function wanted(state: EditorState, tr: Transaction): Wanted | null {
  // Typing needs no repairs, and asking every plugin twice at every key is felt.
  const [next, transactions] = isTyping(tr) ? [tr, [tr]] : applied(state, tr);
  if (!transactions.length) return null;
  return { ...goalOf(next.doc, new Mapping(transactions.flatMap((each) => each.mapping.maps))), selection: next.selection };
}

/** The same of a change that was made already: the text it came to, and the maps of its steps. */
export function goalOf(doc: Node, mapping: Mapping): Goal {
  const clean = new Transform(doc);
  let hull: Hull | null = null;
  let several = -1;
  mapping.maps.forEach((map, index) => {
    // Not `slice`: the inverse of a part would be the inverse of the whole.
    const [back, forward] = [new Mapping(mapping.maps.slice(0, index)).invert(), new Mapping(mapping.maps.slice(index + 1))];
    map.forEach((oldFrom, oldTo, newFrom, newTo) => {
      const [from, to] = [back.map(oldFrom, -1), back.map(oldTo, 1)];
      hull = { from: Math.min(hull?.from ?? from, from), to: Math.max(hull?.to ?? to, to) };
      several++;
      unmark(clean, forward.map(newFrom, 1), forward.map(newTo, -1));
    });
  });
  return { doc: clean.doc, hull, several: several > 0 };
}

function applied(state: EditorState, tr: Transaction): [EditorState, readonly Transaction[]] {
  const { state: next, transactions } = state.applyTransaction(tr);
  return [next, transactions];
}

function isTyping(tr: Transaction): boolean {
  const step = tr.steps[0];
  if (tr.steps.length !== 1 || !(step instanceof ReplaceStep) || !step.slice.content.content.every((node) => node.isText)) return false;
  const [$from, $to] = [tr.docs[0]!.resolve(step.from), tr.docs[0]!.resolve(step.to)];
  return $from.sameParent($to) && $from.parent.inlineContent;
}

/** Takes suggestions off words that are new: nobody suggested them, wherever they were put. */
function unmark(tr: Transform, from: number, to: number): void {
  tr.doc.nodesBetween(from, Math.max(from, to), (node, position) => {
    const whole = position >= from && position + node.nodeSize <= to;
    for (const mark of node.marks.filter(isSuggestion)) {
      if (node.isInline && node.isLeaf) tr.removeMark(Math.max(from, position), Math.min(to, position + node.nodeSize), mark);
      else if (whole) tr.removeNodeMark(position, mark);
    }
  });
}

interface Region {
  readonly old: readonly Entry[];
  readonly now: readonly Node[];
  /** How many blocks of the old document follow. */
  readonly tail: number;
  readonly head: number;
  readonly start: number;
}

function region(old: Node, now: Node): Region {
  const least = Math.min(old.childCount, now.childCount);
  let [head, tail] = [0, 0];
  while (head < least && old.child(head).eq(now.child(head))) head++;
  while (tail < least - head && old.child(old.childCount - 1 - tail).eq(now.child(now.childCount - 1 - tail))) tail++;
  // With a neighbour at each side: what lost its beginning runs on from the one before.
  const from = Math.max(0, head - 1);
  const after = Math.max(0, tail - 1);
  let start = 0;
  for (let i = 0; i < from; i++) start += old.child(i).nodeSize;
  let position = start;
  const entries = old.children.slice(from, old.childCount - after).map((node) => {
    const entry = { node, position };
    position += node.nodeSize;
    return entry;
  });
  return { old: entries, now: now.children.slice(from, now.childCount - after), head: from, tail: after, start };
}

const anonymous = (node: Node): unknown => {
  const { id: _id, ...attrs } = node.attrs;
  return [node.type.name, node.text ?? "", attrs, plain(node.marks).map((mark) => mark.toJSON() as unknown), mergedChildren(node)];
};
const mergedChildren = (node: Node): unknown[] => unsuggestedContent(node).map(anonymous);
const unsuggestedContent = (node: Node): readonly Node[] => (node.inlineContent ? unsuggested(node).children : node.children);
const shape = (nodes: readonly Node[]): string => JSON.stringify(nodes.map(anonymous));

const every = (mine: Mine, decision: "accept" | "reject", nodes: readonly Node[]): Decisions => {
  const decisions: Record<string, "accept" | "reject"> = {};
  const learn = (node: Node): void => {
    for (const mark of node.marks) if (isSuggestion(mark) && mine(String(mark.attrs["id"]))) decisions[String(mark.attrs["id"])] = decision;
    node.forEach(learn);
  };
  nodes.forEach(learn);
  return decisions;
};

const sameBlocks = (a: readonly Node[], b: readonly Node[]): boolean => a.length === b.length && a.every((node, index) => node.eq(b[index]!));

/** Whether the suggestion says the change and nothing but the change. */
function proven(was: readonly Node[], is: readonly Node[], now: readonly Node[], mine: Mine): boolean {
  const all = [...was, ...is, ...now];
  const [no, yes] = [every(mine, "reject", all), every(mine, "accept", all)];
  // One's own taken back, and everybody's: others may have suggested in the same place.
  for (const back of [no, { "*": "reject" } as const]) {
    if (!sameBlocks(resolveBlocks(was, back), resolveBlocks(is, back))) return false;
  }
  return shape(resolveBlocks(is, yes)) === shape(resolveBlocks(now, yes));
}

function tablesStand(nodes: readonly Node[]): boolean {
  return nodes.every((node) => (node.type.name === "table" ? !TableMap.get(node).problems : tablesStand(node.children)));
}

const spanned = (table: Node): number => {
  let sum = 0;
  table.descendants((node) => {
    sum += Number(node.attrs["colspan"] ?? 1) * Number(node.attrs["rowspan"] ?? 1) - 1;
    return node.type.name !== "table_cell" && node.type.name !== "table_header";
  });
  return sum;
};

/** Whether a table as wide and as high as before has cells merged or split. */
function merges(was: readonly Node[], now: readonly Node[]): boolean {
  const tables = new Map(was.filter((node) => node.type.name === "table").map((node) => [node.attrs["id"], node]));
  return now.some((node) => {
    const before = node.type.name === "table" ? tables.get(node.attrs["id"]) : undefined;
    if (!before || spanned(before) === spanned(node)) return false;
    const [a, b] = [TableMap.get(before), TableMap.get(node)];
    return a.width === b.width && a.height === b.height;
  });
}

export interface Suggested {
  readonly tr: Transform;
  /** Blocks that were moved or copied: their id → the id their new place has. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** The document with the change said as suggestions under this id. Raises a Refusal when that cannot be done truly. */
export function suggest(doc: Node, { doc: goal, hull, several }: Goal, id: string, mine: Mine): Suggested {
  const { old, now, head, tail, start } = region(doc, goal);
  const own: Mine = (each) => each === id || mine(each);
  const was = old.map(({ node }) => node);
  if (merges(was, now)) throw new Refusal("suggest_cells", "Merging and splitting cells cannot be suggested.");
  for (const coarse of [false, true]) {
    const brush = new Brush(doc, id, own, hull, several);
    const tr = new Transform(doc);
    try {
      if (coarse) planCoarsely(brush, ...changed(old, now, start));
      else planBlocks(brush, old, now, start, false);
      brush.draw(tr);
    } catch (error) {
      if (error instanceof RangeError || error instanceof Refusal || (error as Error).name === "TransformError" || (error as Error).name === "ReplaceError") continue;
      throw error;
    }
    const is = tr.doc.children.slice(head, tr.doc.childCount - tail);
    try {
      if (tablesStand(is) && proven(was, is, now, own)) return { tr, renamed: brush.renamed };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  throw new Refusal("suggest", "This change cannot be made as a suggestion.");
}

/** The neighbours, which only help the proof, are not said anew. */
function changed(old: readonly Entry[], now: readonly Node[], start: number): [Entry[], Node[], number] {
  const head = old[0]?.node.eq(now[0] ?? schema.node("paragraph")) ? 1 : 0;
  const tail = old.length > head && now.length > head && old.at(-1)!.node.eq(now.at(-1)!) ? 1 : 0;
  const first = old[head - 1];
  return [old.slice(head, old.length - tail), now.slice(head, now.length - tail), first ? first.position + first.node.nodeSize : start];
}

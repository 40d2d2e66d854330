/**
 * What became of a document, said as suggestions: old and new blocks are put side by side by their ids, and
 * every difference is written as marks on the old document, so that nothing of it is lost.
 */
import { type Attrs, Fragment, type Node, Slice } from "prosemirror-model";
import { AddNodeMarkStep, RemoveNodeMarkStep, ReplaceStep, type Transform } from "prosemirror-transform";
import { schema } from "../schema.ts";
import { wasOf } from "../suggestions.ts";
import type { Brush } from "./brush.ts";
import { alignment, planText, unsuggested } from "./inline.ts";
import { entriesOf, joinsItems, splitsItem, unwraps, wraps } from "./lists.ts";
import type { Entry } from "./tokens.ts";

const idOf = (node: Node): string => String(node.attrs["id"] ?? "");
/** A figure's caption is a textblock too, but never runs together with its neighbours. */
const runsOn = (node: Node): boolean => node.isTextblock && !node.type.spec.isolating;

/** For every new block the place of the old one it is, or -1; places only rise. */
function matches(old: readonly Entry[], now: readonly Node[]): number[] {
  const places = new Map(old.map(({ node }, index) => [idOf(node), index]));
  const wanted = now.map((node) => places.get(idOf(node)) ?? -1);
  // The longest rising row, so that a block that was moved leaves the others where they are.
  const best = wanted.map((place, i) => {
    let [length, before] = [place < 0 ? 0 : 1, -1];
    return { place, i, length, before };
  });
  for (const each of best) {
    if (each.place < 0) continue;
    for (const other of best.slice(0, each.i)) {
      if (other.place >= 0 && other.place < each.place && other.length + 1 > each.length) [each.length, each.before] = [other.length + 1, other.i];
    }
  }
  const chosen = new Set<number>();
  let end = best.reduce((a, b) => (b.length > a.length ? b : a), { place: -1, i: -1, length: 0, before: -1 });
  while (end.i >= 0) {
    chosen.add(end.i);
    if (end.before < 0) break;
    end = best[end.before]!;
  }
  return wanted.map((place, index) => (chosen.has(index) ? place : -1));
}

function removeBlock(brush: Brush, { node, position }: Entry, direct: boolean): void {
  if (direct || brush.ownInsertion(node.marks)) brush.ops.push((tr) => tr.step(new ReplaceStep(position, position + node.nodeSize, Slice.empty)));
  else if (!brush.ownDeletion(node.marks)) brush.ops.push((tr) => tr.step(new AddNodeMarkStep(position, brush.deletion)));
}

function addBlocks(brush: Brush, at: number, blocks: readonly Node[], direct: boolean): void {
  if (!blocks.length) return;
  const nodes = blocks.map((block) => {
    const bare = brush.fresh(unsuggested(block));
    return direct ? bare : bare.mark(brush.insertion.addToSet(bare.marks));
  });
  brush.ops.push((tr) => tr.step(new ReplaceStep(at, at, new Slice(Fragment.fromArray(nodes), 0, 0))));
}

const bare = ({ id: _id, ...attrs }: Attrs): Attrs => attrs;
const changedOf = (was: Attrs, now: Attrs): Attrs =>
  Object.fromEntries(Object.entries(was).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now[name])));

const isReformed = (node: Node, now: Node): boolean => node.type !== now.type || Object.keys(changedOf(bare(node.attrs), now.attrs)).length > 0;

/** Another kind of block, or other attributes: the form before is kept in the mark. */
function reform(brush: Brush, { node, position }: Entry, now: Node, direct: boolean): void {
  const silent = direct || brush.ownInsertion(node.marks) !== undefined;
  const own = silent ? [] : brush.ownForms(node.marks, "attrs");
  let [type, attrs] = [node.type, bare(node.attrs)];
  for (const mark of [...own].reverse()) {
    const was = wasOf(mark) as { type?: string; attrs: Attrs };
    if (was.type) [type, attrs] = [schema.nodes[was.type]!, was.attrs];
    else attrs = { ...attrs, ...was.attrs };
  }
  const changed = type === now.type ? changedOf(attrs, now.attrs) : attrs;
  const same = type === now.type && !Object.keys(changed).length;
  const was = type === now.type ? { attrs: changed } : { type: type.name, attrs: changed };
  brush.ops.push((tr: Transform) => {
    for (const mark of own) tr.step(new RemoveNodeMarkStep(position, mark));
    const marks = tr.doc.nodeAt(position)!.marks;
    tr.setNodeMarkup(position, now.type, { ...now.attrs, id: node.attrs["id"] as string }, marks);
    if (!silent && !same) tr.step(new AddNodeMarkStep(position, brush.modification(was, own[0] && String(own[0].attrs["id"]))));
  });
}

function pair(brush: Brush, old: Entry, now: Node, direct: boolean): void {
  if (old.node.eq(now)) return;
  const inside = direct || brush.ownInsertion(old.node.marks) !== undefined;
  const { node, position } = old;
  if (node.type !== now.type && !(node.isTextblock && now.isTextblock) && !(node.type.name !== "figure" && now.type.validContent(node.content))) {
    removeBlock(brush, old, direct);
    addBlocks(brush, position + node.nodeSize, [now], direct);
    return;
  }
  if (isReformed(node, now)) reform(brush, old, now, direct);
  if (node.isTextblock) planText(brush, [old], [{ node: now, position: 0 }], inside);
  else if (!node.isLeaf) planBlocks(brush, entriesOf(old), now.children, position + 1, inside);
}

const lay = (blocks: readonly Node[]): Entry[] => {
  let position = 0;
  return blocks.map((node) => {
    const entry = { node, position };
    position += node.nodeSize;
    return entry;
  });
};

/** Neighbouring textblocks of which some began or ceased to begin: words say whether they ran together. */
function runOn(brush: Brush, old: readonly Entry[], now: readonly Node[], direct: boolean): boolean {
  if (old.length === 1 && now.length === 1) return false;
  if (![...old.map(({ node }) => node), ...now].every(runsOn)) return false;
  const found = alignment(brush, old, lay(now));
  // The last paragraph's words must be those of before, else it is a paragraph of its own that came or went.
  if (found.tail === 0 || (now.length > 1 && !now.at(-1)!.content.size) || (old.length > 1 && !old.at(-1)!.node.content.size)) return false;
  const inside = direct || old.every(({ node }) => brush.ownInsertion(node.marks));
  if (isReformed(old[0]!.node, now[0]!)) reform(brush, old[0]!, now[0]!, direct);
  planText(brush, old, lay(now), inside, found);
  return true;
}

function gap(brush: Brush, old: readonly Entry[], now: readonly Node[], at: number, direct: boolean): void {
  if (!direct && (wraps(brush, old, now) || unwraps(brush, old, now))) return;
  // Another kind of block may have come with another id; the same words say that it is the same.
  if (old.length === now.length && old.every(({ node }, index) => runsOn(node) && runsOn(now[index]!) && node.content.size > 0 && node.content.eq(now[index]!.content))) {
    old.forEach((entry, index) => pair(brush, entry, now[index]!, direct));
    return;
  }
  old.forEach((entry) => removeBlock(brush, entry, direct));
  const last = old.at(-1);
  addBlocks(brush, last ? last.position + last.node.nodeSize : at, now, direct);
}

/** A block that stayed, and what came and went behind it. */
function pairAndGap(brush: Brush, old: readonly Entry[], now: readonly Node[], direct: boolean): void {
  const inside = direct || brush.ownInsertion(old[0]!.node.marks) !== undefined;
  if (runOn(brush, old, now, direct)) return;
  if (old.length === 1 && splitsItem(brush, old[0]!, now, inside)) return;
  if (now.length === 1 && joinsItems(brush, old, now[0]!, inside)) return;
  pair(brush, old[0]!, now[0]!, direct);
  gap(brush, old.slice(1), now.slice(1), old[0]!.position + old[0]!.node.nodeSize, direct);
}

/** The blocks of one parent; `start` is where its content begins. */
export function planBlocks(brush: Brush, allOld: readonly Entry[], allNow: readonly Node[], start: number, direct: boolean): void {
  const least = Math.min(allOld.length, allNow.length);
  let [head, tail] = [0, 0];
  while (head < least && allOld[head]!.node.eq(allNow[head]!)) head++;
  while (tail < least - head && allOld.at(-1 - tail)!.node.eq(allNow.at(-1 - tail)!)) tail++;
  const old = allOld.slice(head, allOld.length - tail);
  const now = allNow.slice(head, allNow.length - tail);
  const before = allOld[head - 1];
  const at = before ? before.position + before.node.nodeSize : start;
  if (!direct && old.length === 1 && unwraps(brush, old, now)) return;
  const matched = matches(old, now);
  let [o, n] = [0, 0];
  const next = (from: number): number => {
    const found = matched.findIndex((place, index) => index >= from && place >= 0);
    return found < 0 ? now.length : found;
  };
  const lead = next(0);
  const firstOld = lead < now.length ? matched[lead]! : old.length;
  gap(brush, old.slice(0, firstOld), now.slice(0, lead), at, direct);
  [o, n] = [firstOld, lead];
  while (n < now.length) {
    const m = next(n + 1);
    const p = m < now.length ? matched[m]! : old.length;
    pairAndGap(brush, old.slice(o, p), now.slice(n, m), direct);
    [o, n] = [p, m];
  }
}

/** The whole document said anew where it differs: what stood there goes, what stands there now comes. */
export function planCoarsely(brush: Brush, old: readonly Entry[], now: readonly Node[], start: number): void {
  old.forEach((entry) => removeBlock(brush, entry, false));
  const last = old.at(-1);
  addBlocks(brush, last ? last.position + last.node.nodeSize : start, now, false);
}

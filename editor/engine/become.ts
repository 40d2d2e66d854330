/**
 * A text becomes another by small steps: blocks that stay keep their places, and of a paragraph only the words that
 * differ are replaced. So comments, carets and who wrote what stay where they can.
 */
import { Fragment, type Node, Slice } from "prosemirror-model";
import type { Transform } from "prosemirror-transform";
import type { Place } from "../offsets.ts";

const sameLook = (a: Node, b: Node): boolean => a.type === b.type && a.hasMarkup(b.type, b.attrs, b.marks);

/** Makes one block into `next`, which takes its place. */
export function turnInto(tr: Transform, { node, position }: Place, next: Node): void {
  if (node.eq(next)) return;
  const before = tr.steps.length;
  if (node.isTextblock && next.isTextblock) {
    if (!sameLook(node, next)) tr.setNodeMarkup(position, next.type, next.attrs, next.marks);
    words(tr, position, node, next);
  }
  const done = tr.doc.nodeAt(position);
  if (tr.steps.length > before && done?.eq(next)) return;
  tr.replace(position, position + done!.nodeSize, new Slice(Fragment.from(next), 0, 0));
}

/** Between the first and the last difference, which lie in the words: notes are replaced whole. */
function words(tr: Transform, position: number, node: Node, next: Node): void {
  const start = node.content.findDiffStart(next.content);
  const end = node.content.findDiffEnd(next.content);
  if (start === null || end === null) return;
  let head = start;
  let [a, b] = [end.a, end.b];
  const overlap = head - Math.min(a, b);
  if (overlap > 0) [a, b] = [a + overlap, b + overlap];
  // Never between the halves of a character: the guard refuses such a step.
  if (isHigh(unitAt(node, head - 1)) || isHigh(unitAt(next, head - 1))) head--;
  if (isLow(unitAt(node, a)) || isLow(unitAt(next, b))) [a, b] = [a + 1, b + 1];
  const from = position + 1 + head;
  const slice = next.slice(head, b);
  if (slice.openStart || slice.openEnd) return;
  if (tr.doc.resolve(from).parent !== tr.doc.nodeAt(position)) return;
  tr.replace(from, position + 1 + a, slice);
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

function unitAt(block: Node, position: number): number {
  if (position < 0 || position >= block.content.size) return 0;
  const { node, offset } = block.childAfter(position);
  return node?.isText ? node.text!.charCodeAt(position - offset) : 0;
}

/** The places of children with the same id and kind in both, in rising order: those that stay. */
function staying(doc: Node, next: Node): Map<number, number> {
  const places = new Map<string, number>();
  doc.forEach((block, _offset, index) => places.set(`${block.type.name} ${String(block.attrs.id)}`, index));
  const tails: { old: number; next: number; before: number }[] = [];
  const found: { old: number; next: number; before: number }[] = [];
  const tips: number[] = [];
  next.forEach((block, _offset, index) => {
    const old = places.get(`${block.type.name} ${String(block.attrs.id)}`);
    if (old === undefined) return;
    let length = tips.findIndex((tip) => found[tip]!.old > old);
    if (length < 0) length = tips.length;
    found.push({ old, next: index, before: length ? tips[length - 1]! : -1 });
    tips[length] = found.length - 1;
  });
  for (let at = tips.at(-1) ?? -1; at >= 0; at = found[at]!.before) tails.push(found[at]!);
  return new Map(tails.map((each) => [each.old, each.next]));
}

export function become(tr: Transform, next: Node): void {
  const doc = tr.doc;
  const stays = staying(doc, next);
  // From the end, so that what is before keeps its position.
  let upper = next.childCount;
  let position = doc.content.size;
  let gone = 0;
  const settle = (from: number, lower: number): void => {
    const blocks: Node[] = [];
    for (let index = lower; index < upper; index++) blocks.push(next.child(index));
    if (gone || blocks.length) tr.replace(from, from + gone, new Slice(Fragment.fromArray(blocks), 0, 0));
    gone = 0;
  };
  for (let index = doc.childCount - 1; index >= 0; index--) {
    const block = doc.child(index);
    const kept = stays.get(index);
    position -= block.nodeSize;
    if (kept === undefined) {
      gone += block.nodeSize;
      continue;
    }
    settle(position + block.nodeSize, kept + 1);
    turnInto(tr, { node: block, position }, next.child(kept));
    upper = kept;
  }
  settle(0, 0);
}

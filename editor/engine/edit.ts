/**
 * Changes the server makes itself (apply a proposed change, restore a version, take in a file),
 * written as steps like everyone else's, so that co-authors and anchors follow them.
 */
import { Fragment, type Node, Slice } from "prosemirror-model";
import { type Step, Transform } from "prosemirror-transform";
import { checkDocument } from "../guard.ts";
import { faultyId, idsInside, withIds } from "../ids.ts";
import { type Place, findBlock, positionAt } from "../offsets.ts";
import { Refusal } from "../refusal.ts";
import { resolveInSteps } from "../suggesting/steps.ts";
import type { Decisions } from "../suggestions.ts";
import { become, turnInto } from "./become.ts";
import { type CitationItem, schema } from "../schema.ts";
import { build, readAndRepair } from "./read.ts";

export type Edit =
  | { op: "replace_text"; block: string; from: number; to: number; text: string }
  | { op: "replace_document"; doc: unknown }
  | { op: "become"; doc: unknown }
  | { op: "replace_block"; block: string; node: unknown }
  | { op: "insert_blocks"; after: string | null; blocks: unknown[] }
  | { op: "resolve"; decisions: Decisions }
  | { op: "cite_instead"; from: string; to: string };

function blockOf(doc: Node, id: string): Place {
  const found = findBlock(doc, id);
  if (!found) throw new Refusal("block", "The paragraph is no longer there.");
  return found;
}

function positionOf(place: Place, offset: number): number {
  const position = positionAt(place.node, place.position, offset);
  if (position === null) throw new Refusal("range", "The change lies outside the paragraph.");
  return position;
}

function replaceText(tr: Transform, edit: Extract<Edit, { op: "replace_text" }>): void {
  const place = blockOf(tr.doc, edit.block);
  if (!place.node.isTextblock || edit.from > edit.to) throw new Refusal("range", "The change lies outside the paragraph.");
  const from = positionOf(place, edit.from);
  const to = positionOf(place, edit.to);
  const $from = tr.doc.resolve(from);
  const marks = edit.to > edit.from ? ($from.nodeAfter?.marks ?? []) : $from.marks();
  const content = edit.text ? Fragment.from(schema.text(edit.text, marks)) : Fragment.empty;
  if (from !== to || content.size) tr.replace(from, to, new Slice(content, 0, 0));
}

/** Only what differs is replaced, so positions in untouched blocks stay what they were. */
function replaceDocument(tr: Transform, next: Node): void {
  const doc = tr.doc;
  const shorter = Math.min(doc.childCount, next.childCount);
  let head = 0;
  while (head < shorter && doc.child(head).eq(next.child(head))) head++;
  let tail = 0;
  while (tail < shorter - head && doc.child(doc.childCount - 1 - tail).eq(next.child(next.childCount - 1 - tail))) tail++;
  const sizeOf = (node: Node, from: number, to: number): number => {
    let size = 0;
    for (let i = from; i < to; i++) size += node.child(i).nodeSize;
    return size;
  };
  const from = sizeOf(doc, 0, head);
  const to = doc.content.size - sizeOf(doc, doc.childCount - tail, doc.childCount);
  const blocks: Node[] = [];
  for (let i = head; i < next.childCount - tail; i++) blocks.push(next.child(i));
  if (from !== to || blocks.length) tr.replace(from, to, new Slice(Fragment.fromArray(blocks), 0, 0));
}

function insertBlocks(tr: Transform, edit: Extract<Edit, { op: "insert_blocks" }>): void {
  const taken = new Set<string>();
  tr.doc.forEach((block) => idsInside(block).forEach((id) => taken.add(id)));
  const blocks = edit.blocks.map((block) => build(() => withIds(schema.nodeFromJSON(block), taken)));
  let position = 0;
  if (edit.after !== null) {
    const found = blockOf(tr.doc, edit.after);
    position = found.position + found.node.nodeSize;
  }
  tr.replace(position, position, new Slice(Fragment.fromArray(blocks), 0, 0));
}

/** A block that had to be filled in, so that something stands where it must, gets an identity. */
function nameBlocks(tr: Transform): void {
  const named = withIds(tr.doc);
  tr.doc.descendants((node, position) => {
    const id = named.nodeAt(position)!.attrs["id"] as string | undefined;
    if (id !== undefined && node.attrs["id"] !== id) tr.setNodeAttribute(position, "id", id);
  });
}

/** Every citation of one source cites another; an item that is then there twice with the same words stays once. */
function citeInstead(tr: Transform, edit: Extract<Edit, { op: "cite_instead" }>): void {
  const places: [number, CitationItem[]][] = [];
  tr.doc.descendants((node, position) => {
    const items = node.type.name === "citation" ? (node.attrs["items"] as CitationItem[]) : [];
    if (!items.some(({ source }) => source === edit.from)) return;
    const kept = new Map<string, CitationItem>();
    for (const item of items) {
      const next = item.source === edit.from ? { ...item, source: edit.to } : item;
      const name = JSON.stringify([next.source, next.locator, next.prefix, next.suffix]);
      if (!kept.has(name)) kept.set(name, next);
    }
    places.push([position, [...kept.values()]]);
  });
  for (const [position, items] of places) tr.setNodeAttribute(position, "items", items);
}

function replaceBlock(tr: Transform, edit: Extract<Edit, { op: "replace_block" }>): void {
  const place = blockOf(tr.doc, edit.block);
  const own = new Set(idsInside(place.node));
  const taken = new Set<string>();
  tr.doc.forEach((block) => idsInside(block).forEach((id) => own.has(id) || taken.add(id)));
  turnInto(tr, place, build(() => withIds(schema.nodeFromJSON(edit.node), taken)));
}

function becomeDocument(tr: Transform, edit: Extract<Edit, { op: "become" }>): void {
  const next = readAndRepair(typeof edit.doc === "string" ? edit.doc : JSON.stringify(edit.doc));
  become(tr, next);
  // What the small steps could not say, one large one does.
  if (!tr.doc.eq(next)) replaceDocument(tr, next);
}

/** The steps that carry the edits out, in order; the result is sound or a Refusal is raised. */
export function editSteps(doc: Node, edits: readonly Edit[]): Step[] {
  const tr = new Transform(doc);
  for (const edit of edits) {
    if (edit.op === "replace_text") replaceText(tr, edit);
    else if (edit.op === "replace_document") {
      replaceDocument(tr, readAndRepair(typeof edit.doc === "string" ? edit.doc : JSON.stringify(edit.doc)));
    } else if (edit.op === "become") becomeDocument(tr, edit);
    else if (edit.op === "replace_block") replaceBlock(tr, edit);
    else if (edit.op === "insert_blocks") insertBlocks(tr, edit);
    else if (edit.op === "resolve") resolveInSteps(tr, edit.decisions);
    else if (edit.op === "cite_instead") citeInstead(tr, edit);
    else throw new Refusal("step", "This kind of change is not known.");
  }
  if (faultyId(tr.doc) !== null) nameBlocks(tr);
  checkDocument(tr.doc);
  return tr.steps;
}

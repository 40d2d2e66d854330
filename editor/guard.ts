/**
 * What may stand in a document and what a step may do. The server refuses by these rules; the
 * browser asks them first, so that a step the server would refuse is never made.
 *
 * Everything is remembered per node object, so the check after a keystroke costs one block.
 */
import { type Attrs, type AttributeSpec, Mark, type MarkType, type Node, type NodeType, type Slice } from "prosemirror-model";
import {
  AddMarkStep,
  AddNodeMarkStep,
  AttrStep,
  RemoveMarkStep,
  RemoveNodeMarkStep,
  ReplaceAroundStep,
  ReplaceStep,
  type Step,
} from "prosemirror-transform";
import { faultyId } from "./ids.ts";
import { Refusal } from "./refusal.ts";

export const MAX_DEPTH = 50;
/** ProseMirror positions, about ten times a long section. */
export const MAX_SIZE = 2_000_000;
export const MAX_STEPS = 1000;
/** Characters of a document's JSON. A longer one could be written and never be read again. */
export const MAX_DOCUMENT = 4_000_000;

/** XML 1.0 and PostgreSQL cannot hold these; tab, line feed and carriage return they can. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
export const CONTROLS = new RegExp(CONTROL.source, "g");

/** Refuses what no JSON of ours contains, before anything recurses into it. */
export function checkShape(value: unknown, depth = 0): void {
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new Refusal("surrogate", "A character was cut in half.");
    if (CONTROL.test(value)) throw new Refusal("control", "The text holds a control character that cannot be stored.");
    return;
  }
  if (value === null || typeof value !== "object") return;
  if (depth > MAX_DEPTH * 4) throw new Refusal("depth", "The text is nested too deeply.");
  if (Array.isArray(value)) {
    for (const item of value) checkShape(item, depth + 1);
    return;
  }
  for (const key of Object.keys(value)) {
    if (key === "__proto__") throw new Refusal("shape", "This is not a document of ours.");
    checkShape((value as Record<string, unknown>)[key], depth + 1);
  }
}

/** `NodeType.checkAttrs` does nothing any more and `Node.check` walks the whole document. */
function checkAttrs(type: NodeType | MarkType, attrs: Attrs): void {
  for (const [name, spec] of Object.entries((type.spec.attrs ?? {}) as Record<string, AttributeSpec>)) {
    if (typeof spec.validate === "function") spec.validate(attrs[name]);
  }
}

interface Measure {
  height: number;
  /** Characters of JSON, never too few. */
  length: number;
}

const measures = new WeakMap<Node, Measure>();

function checkOne(node: Node): void {
  const type: NodeType = node.type;
  if (!type.validContent(node.content)) {
    throw new Refusal("content", `A ${type.name.replaceAll("_", " ")} cannot hold this.`);
  }
  checkAttrs(type, node.attrs);
  let marks = Mark.none;
  for (const mark of node.marks) {
    checkAttrs(mark.type, mark.attrs);
    marks = mark.addToSet(marks);
  }
  if (!Mark.sameSet(marks, node.marks)) throw new Refusal("marks", "These markings cannot stand together.");
  if (node.isText && !node.text!.isWellFormed()) throw new Refusal("surrogate", "A character was cut in half.");
}

/** Characters of the node's JSON without what it contains, with the comma after it. */
function ownLength(node: Node): number {
  const attrs = node.type.spec.attrs ? JSON.stringify(node.attrs).length + 9 : 0;
  const marks = node.marks.length > 0 ? JSON.stringify(node.marks).length + 9 : 0;
  const text = node.isText ? JSON.stringify(node.text).length + 8 : 0;
  return node.type.name.length + (node.isLeaf ? 12 : 25) + attrs + marks + text;
}

function measureSound(node: Node): Measure {
  const known = measures.get(node);
  if (known !== undefined) return known;
  checkOne(node);
  const measure: Measure = { height: 1, length: ownLength(node) };
  node.forEach((child) => {
    const inside = measureSound(child);
    measure.height = Math.max(measure.height, inside.height + 1);
    measure.length += inside.length;
  });
  measures.set(node, measure);
  return measure;
}

/** Raises a Refusal unless content, attributes, marks, depth and size are sound; ids are not asked. */
export function checkContent(doc: Node): void {
  if (doc.type !== doc.type.schema.topNodeType) throw new Refusal("shape", "This is not a whole document.");
  if (doc.nodeSize > MAX_SIZE) throw new Refusal("size", "The section is too long.");
  let measure: Measure;
  try {
    measure = measureSound(doc);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("value", `A value is not allowed: ${(error as Error).message}`);
  }
  if (measure.height > MAX_DEPTH) throw new Refusal("depth", "The text is nested too deeply.");
  if (measure.length > MAX_DOCUMENT) throw new Refusal("size", "The section is too long.");
}

/** Raises a Refusal unless the document is sound and every block has an id of its own. */
export function checkDocument(doc: Node): void {
  checkContent(doc);
  if (faultyId(doc) !== null) throw new Refusal("ids", "Two blocks have the same identity, or one has none.");
}

function checkPosition(doc: Node, position: unknown): void {
  if (!Number.isInteger(position) || (position as number) < 0 || (position as number) > doc.content.size) {
    throw new Refusal("range", "The change lies outside the text.");
  }
  const $position = doc.resolve(position as number);
  const offset = $position.textOffset;
  if (offset === 0) return;
  const text = $position.parent.child($position.index()).text!;
  if (/[\udc00-\udfff]/.test(text.charAt(offset)) && /[\ud800-\udbff]/.test(text.charAt(offset - 1))) {
    throw new Refusal("surrogate", "The change cuts a character in half.");
  }
}

function checkOrder(doc: Node, ...positions: number[]): void {
  positions.forEach((position) => checkPosition(doc, position));
  if (positions.some((position, index) => index > 0 && position < positions[index - 1]!)) {
    throw new Refusal("range", "The change ends before it begins.");
  }
}

/** An open side must exist: ProseMirror trusts the number and fails far from the cause. */
function checkSlice(slice: Slice): void {
  for (const [open, side] of [
    [slice.openStart, "firstChild"],
    [slice.openEnd, "lastChild"],
  ] as const) {
    let node: Node | null = slice.content[side];
    if (!Number.isInteger(open) || open < 0) throw new Refusal("range", "The change is not well formed.");
    for (let depth = 0; depth < open; depth++) {
      if (!node || node.isLeaf) throw new Refusal("range", "The change is not well formed.");
      node = node[side];
    }
  }
}

/** Raises a Refusal when a step's numbers do not fit the document it is made for. */
export function checkStep(step: Step, doc: Node): void {
  if (step instanceof ReplaceAroundStep) {
    checkOrder(doc, step.from, step.gapFrom, step.gapTo, step.to);
    checkSlice(step.slice);
    if (!Number.isInteger(step.insert) || step.insert < 0 || step.insert > step.slice.content.size) {
      throw new Refusal("range", "The change is not well formed.");
    }
  } else if (step instanceof ReplaceStep) {
    checkOrder(doc, step.from, step.to);
    checkSlice(step.slice);
  } else if (step instanceof AddMarkStep || step instanceof RemoveMarkStep) {
    checkOrder(doc, step.from, step.to);
  } else if (step instanceof AddNodeMarkStep || step instanceof RemoveNodeMarkStep) {
    checkPosition(doc, step.pos);
  } else if (step instanceof AttrStep) {
    checkPosition(doc, step.pos);
    const node = doc.nodeAt(step.pos);
    if (!node || !Object.hasOwn(node.type.spec.attrs ?? {}, step.attr)) {
      throw new Refusal("value", "The change names something that is not there.");
    }
  } else {
    throw new Refusal("step", "This kind of change is not known.");
  }
}

/** The document after the step, or a Refusal. */
export function applyStep(step: Step, doc: Node): Node {
  checkStep(step, doc);
  let result;
  try {
    result = step.apply(doc);
  } catch (error) {
    throw new Refusal("step", `The change does not fit the text: ${(error as Error).message}`);
  }
  if (!result.doc) throw new Refusal("step", `The change does not fit the text: ${result.failed ?? "no reason"}`);
  return result.doc;
}

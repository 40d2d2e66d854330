/**
 * prosemirror-collab's `receiveTransaction`, made exact for marks. A step that marks a range grows, when it
 * is rebased, over what others wrote in that range; its inverse then takes the mark from words that had it
 * of themselves, and the page strays from the server (found by editor/simulation/, seed 484). So what is
 * taken back is compared with what the server has, and a step that marks is put on again piece by piece,
 * where something is left to be marked.
 *
 * The transaction holds: the inverse of each unsettled step, what had to be set right, the steps of others,
 * then what became of the unsettled ones. history() counts on the first inverses being the transaction's first.
 */
import { getVersion } from "prosemirror-collab";
import { Mark, type Node } from "prosemirror-model";
import { type EditorState, TextSelection, type Transaction } from "prosemirror-state";
import { AddMarkStep, AddNodeMarkStep, RemoveMarkStep, RemoveNodeMarkStep, type Step, Transform } from "prosemirror-transform";

/** prosemirror-collab's own name for its state, which it does not export. */
const COLLAB = "collab$";

/** What the mapping can do and does not say: it knows which map undoes which. */
interface Mirrors {
  setMirror(one: number, other: number): void;
}

interface Rebaseable {
  readonly step: Step;
  readonly inverted: Step;
  readonly origin: Transform;
}

export interface Received {
  readonly transaction: Transaction;
  /** How many of its steps take back what was typed here. */
  readonly takenBack: number;
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly marks: readonly Mark[];
}

/** Text and other leaves of a line, which steps mark by range; and nodes that hold something, marked by place. */
function pieces(doc: Node): { blocks: Piece[]; inline: Piece[] } {
  const found: { blocks: Piece[]; inline: Piece[] } = { blocks: [], inline: [] };
  doc.descendants((node, from) => {
    // A footnote is marked by place, too: by range no mark would get to it, only away from it.
    found[node.isInline && node.isLeaf ? "inline" : "blocks"].push({ from, to: from + node.nodeSize, marks: node.marks });
  });
  return found;
}

/** Two suggestions of one kind stand in the order in which they were made: all go, and come in the right order. */
function setRight(tr: Transform, marks: readonly Mark[], right: readonly Mark[], remove: (mark: Mark) => Step, put: (mark: Mark) => Step): void {
  if (Mark.sameSet(marks, right)) return;
  for (const mark of marks) tr.step(remove(mark));
  for (const mark of right) tr.step(put(mark));
}

/** Gives the document the marks of another that says the same. */
function setMarks(tr: Transform, wanted: Node): void {
  const [is, be] = [pieces(tr.doc), pieces(wanted)];
  is.blocks.forEach(({ from, marks }, index) => {
    const right = be.blocks[index]?.marks ?? [];
    setRight(tr, marks, right, (mark) => new RemoveNodeMarkStep(from, mark), (mark) => new AddNodeMarkStep(from, mark));
  });
  let index = 0;
  for (const { from, to, marks } of is.inline) {
    for (let at = from; at < to; ) {
      while (index < be.inline.length && be.inline[index]!.to <= at) index++;
      const other = be.inline[index];
      if (!other || other.from > at) return;
      const [start, end] = [at, Math.min(to, other.to)];
      setRight(tr, marks, other.marks, (mark) => new RemoveMarkStep(start, end, mark), (mark) => new AddMarkStep(start, end, mark));
      at = end;
    }
  }
}

/** The steps that do to this document what the step means, each of which can be taken back exactly. */
function exactly(step: Step, doc: Node): readonly Step[] {
  if (step instanceof AddMarkStep) return new Transform(doc).addMark(step.from, step.to, step.mark).steps;
  if (step instanceof RemoveMarkStep) return new Transform(doc).removeMark(step.from, step.to, step.mark).steps;
  return [step];
}

function putOn(tr: Transaction, unsettled: readonly Step[]): Rebaseable[] {
  const rebased: Rebaseable[] = [];
  unsettled.forEach((step, index) => {
    const back = unsettled.length - 1 - index;
    const mapped = step.map(tr.mapping.slice(back + 1));
    for (const part of mapped ? exactly(mapped, tr.doc) : []) {
      const before = tr.doc;
      if (tr.maybeStep(part).failed) continue;
      (tr.mapping as unknown as Mirrors).setMirror(back, tr.steps.length - 1);
      rebased.push({ step: part, inverted: part.invert(before), origin: tr });
    }
  });
  return rebased;
}

/**
 * Cells that were selected are selected still, where their table holds them. Where two people gave a table rows and
 * columns at once a row may end in a hole; prosemirror-tables takes that for the table's first place and throws
 * (editor/simulation/, seed 2223): then the cursor stands there alone.
 */
function followSelection(tr: Transaction, { selection }: EditorState): void {
  try {
    void tr.selection;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    tr.setSelection(TextSelection.near(tr.doc.resolve(tr.mapping.map(selection.head))));
  }
}

/**
 * What the server has and this page has not, of which the first `own` steps are this page's: `base` is
 * the server's text behind those, `unsettled` what was typed here since.
 */
export function receive(state: EditorState, base: Node, steps: readonly Step[], own: number, unsettled: readonly Step[]): Received {
  const others = steps.slice(own);
  const version = getVersion(state) + steps.length;
  const tr = state.tr;
  const docs = [base];
  for (const step of unsettled) docs.push(step.apply(docs.at(-1)!).doc ?? fail());
  if (!others.length) {
    const unconfirmed = unsettled.map((step, index) => ({ step, inverted: step.invert(docs[index]!), origin: tr }));
    return { transaction: tr.setMeta(COLLAB, { version, unconfirmed }), takenBack: 0 };
  }
  for (let index = unsettled.length - 1; index >= 0; index--) tr.step(unsettled[index]!.invert(docs[index]!));
  if (!tr.doc.eq(base)) setMarks(tr, base);
  if (!tr.doc.eq(base)) fail();
  const takenBack = tr.steps.length;
  for (const step of others) tr.step(step);
  const unconfirmed = putOn(tr, unsettled);
  if (state.selection instanceof TextSelection) {
    const [anchor, head] = [tr.mapping.map(state.selection.anchor, -1), tr.mapping.map(state.selection.head, -1)];
    tr.setSelection(TextSelection.between(tr.doc.resolve(anchor), tr.doc.resolve(head), -1));
    // The selection is not the person's own doing: the browser's is left alone.
    (tr as unknown as { updated: number }).updated &= ~1;
  } else followSelection(tr, state);
  tr.setMeta("rebased", unsettled.length).setMeta("addToHistory", false).setMeta(COLLAB, { version, unconfirmed });
  return { transaction: tr, takenBack };
}

function fail(): never {
  throw new RangeError("what was typed here does not fit what the server has");
}

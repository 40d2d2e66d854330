/** Random changes to random documents, each made as a suggestion and proven by both ways out of it. */
import { baseKeymap, selectAll, toggleMark } from "prosemirror-commands";
import { type Node, Slice } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { type Command, EditorState, TextSelection, type Transaction } from "prosemirror-state";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, mergeCells, splitCell, tableEditing, toggleHeaderCell } from "prosemirror-tables";
import { Transform } from "prosemirror-transform";
import { setHeading, setParagraph, toggleList, toggleQuote } from "../commands/blocks.ts";
import { insertCitation, insertFootnote, insertWrapper } from "../commands/insert.ts";
import { liftContent } from "../commands/lift-content.ts";
import { splitBlockPlain } from "../commands/split.ts";
import { checkContent, checkStep } from "../guard.ts";
import { ids } from "../plugins/ids.ts";
import { Refusal } from "../refusal.ts";
import { schema } from "../schema.ts";
import { pending } from "../suggesting/list.ts";
import { resolveInSteps } from "../suggesting/steps.ts";
import { suggest, wanted } from "../suggesting/suggest.ts";
import { undecide } from "../suggesting/undecide.ts";
import { resolveSuggestions } from "../suggestions.ts";
import { callout, cite, doc, em, figure, footnote, h, li, ol, p, quote, recommendation, strong, table, td, th, tr, ul, xref } from "./builders.ts";
import { random } from "./random.ts";

export type Pick = (below: number) => number;

const PHRASES = ["Half of the women", " were recruited online 😀", "", "e\u0301te\u0301", " مرحبا بالعالم ", "a aa aaa", " by a friend", "12,400 people", " (see below)"];

function words(pick: Pick): (string | Node | Node[])[] {
  return Array.from({ length: 1 + pick(4) }, () => {
    const text = PHRASES[pick(PHRASES.length)]!;
    const kind = pick(9);
    if (kind === 0) return footnote("A note ", cite("one"));
    if (kind === 1) return cite("two");
    if (kind === 2) return xref("abc");
    if (kind === 3 && text) return strong(text);
    return kind === 4 && text ? em(text) : text;
  });
}

const paragraph = (pick: Pick): Node => (pick(6) ? p(...words(pick)) : p());
const items = (pick: Pick, deep = true): Node[] =>
  Array.from({ length: 1 + pick(3) }, () => (deep && pick(4) === 0 ? li(paragraph(pick), ul(...items(pick, false))) : li(paragraph(pick))));

function block(pick: Pick): Node {
  switch (pick(12)) {
    case 0:
      return h(1 + pick(4), ...words(pick));
    case 1:
      return ul(...items(pick));
    case 2:
      return ol(...items(pick));
    case 3:
      return quote(paragraph(pick), paragraph(pick));
    case 4:
      return callout("risk", "Beware", paragraph(pick), ul(...items(pick, false)));
    case 5:
      return recommendation("States", paragraph(pick));
    case 6:
      return table("Numbers", tr(th(p("State")), th(p("Cases"))), tr(td(paragraph(pick)), td(p("12"))), tr(td(p("B")), td(paragraph(pick))));
    case 7:
      return figure("asset", "What it shows", ...words(pick));
    default:
      return paragraph(pick);
  }
}

export const randomDocument = (pick: Pick): Node => doc(...Array.from({ length: 1 + pick(6) }, () => block(pick)));

const attribute = (pick: Pick): Command => (state, dispatch) => {
  const found: number[] = [];
  state.doc.descendants((node, position) => void (["callout", "table", "figure", "ordered_list", "recommendation"].includes(node.type.name) && found.push(position)));
  const position = found[pick(found.length || 1)];
  if (position === undefined) return false;
  const [name, value] = { callout: ["title", "Other"], table: ["caption", "Other"], figure: ["alt", "Other"], ordered_list: ["start", 7], recommendation: ["addressee", "Banks"] }[state.doc.nodeAt(position)!.type.name]! as [string, unknown];
  dispatch?.(state.tr.setNodeAttribute(position, name, value));
  return true;
};
/** The same words everywhere at once, as find and replace does it. */
const replaceAll: Command = (state, dispatch) => {
  const tr = state.tr;
  state.doc.descendants((node, position) => {
    if (!node.isText) return;
    for (const { index } of node.text!.matchAll(/recruit|aa|12/g)) {
      const from = tr.mapping.map(position + index, 1);
      tr.insertText("Xx", from, from + 2);
    }
  });
  if (!tr.docChanged) return false;
  dispatch?.(tr);
  return true;
};

const list = schema.nodes["list_item"]!;
const COMMANDS: ((pick: Pick) => Command)[] = [
  () => baseKeymap["Enter"]!,
  () => baseKeymap["Backspace"]!,
  () => baseKeymap["Delete"]!,
  () => splitBlockPlain,
  () => splitListItem(list),
  () => sinkListItem(list),
  () => liftListItem(list),
  (pick) => setHeading(1 + pick(4)),
  () => setParagraph,
  (pick) => toggleList(pick(2) ? "bullet_list" : "ordered_list"),
  () => toggleQuote,
  () => insertWrapper("callout", { kind: "key", title: "" }),
  () => insertFootnote,
  () => insertCitation([{ source: "three", locator: "", prefix: "", suffix: "" }]),
  () => liftContent(0),
  (pick) => toggleMark(schema.marks[["strong", "em", "superscript"][pick(3)]!]!),
  () => toggleMark(schema.marks["link"]!, { href: "https://example.org/" }),
  () => toggleMark(schema.marks["language"]!, { lang: "fr", dir: "ltr" }),
  () => addRowAfter,
  () => addColumnAfter,
  () => deleteRow,
  () => deleteColumn,
  () => deleteTable,
  () => toggleHeaderCell,
  () => mergeCells,
  () => splitCell,
  attribute,
  () => replaceAll,
];

export const stateOf = (document: Node): EditorState => EditorState.create({ doc: document, plugins: [tableEditing(), ids()] });

/** One change that a person might make, or null when there was nothing to do. */
export function randomChange(state: EditorState, pick: Pick): { state: EditorState; tr: Transaction } | null {
  const size = state.doc.content.size;
  const [a, near] = [whole(state.doc, pick(size + 1)), pick(3)];
  const b = whole(state.doc, near === 0 ? pick(size + 1) : near === 1 ? Math.min(size, a + pick(12)) : a);
  let placed = state.apply(state.tr.setSelection(TextSelection.between(state.doc.resolve(a), state.doc.resolve(b))));
  if (pick(60) === 0) selectAll(placed, (tr) => (placed = placed.apply(tr)));
  const { from, to } = placed.selection;
  const kind = pick(10);
  if (kind < 3) return { state: placed, tr: placed.tr.insertText([..."xy 😀 é"].slice(0, 1 + pick(7)).join(""), from, to) };
  if (kind === 3) return { state: placed, tr: placed.tr.deleteSelection() };
  if (kind === 4) return { state: placed, tr: placed.tr.replaceSelection(pasted(pick)) };
  let made: Transaction | undefined;
  COMMANDS[pick(COMMANDS.length)]!(pick)(placed, (tr) => (made = tr));
  return made?.docChanged ? { state: placed, tr: made } : null;
}

/** No place in the middle of a character. */
function whole(document: Node, position: number): number {
  const $position = document.resolve(position);
  const half = /[\udc00-\udfff]/.test($position.nodeAfter?.text?.charAt(0) ?? "");
  return half ? position + 1 : position;
}

function pasted(pick: Pick): Slice {
  const from = randomDocument(pick);
  const [a, b] = [whole(from, pick(from.content.size + 1)), whole(from, pick(from.content.size + 1))];
  const selection = TextSelection.between(from.resolve(a), from.resolve(b));
  return selection.content();
}

/** What a document says, whatever its blocks are called. */
export const shape = (node: Node): string =>
  JSON.stringify(node.toJSON(), (key, value: unknown) => (key === "id" && typeof value === "string" && value.length === 12 ? "" : value));

export function check(document: Node): void {
  checkContent(document);
  document.check();
}

/** The suggestion's steps, checked one by one as the server does; null when it was refused. */
export function suggested(state: EditorState, tr: Transaction, id: string, mine: (id: string) => boolean): Transform | null {
  const want = wanted(state, tr);
  if (!want) return null;
  try {
    const steps = suggest(state.doc, want, id, mine).tr;
    steps.steps.forEach((step, index) => checkStep(step, steps.docs[index]!));
    check(steps.doc);
    return steps;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

export function inSteps(document: Node, decisions: Record<string, "accept" | "reject">): Node {
  const tr = new Transform(document);
  resolveInSteps(tr, decisions);
  tr.steps.forEach((step, index) => checkStep(step, tr.docs[index]!));
  check(tr.doc);
  return tr.doc;
}

export interface Tally {
  changes: number;
  refused: number;
  /** Changes said by striking out more than half of a text's words anew. */
  struck: number;
}

/** reject(suggest(x)) is x, accept(suggest(x)) is edit(x): throws with the seed when either is not. */
export function prove(seed: number, tally: Tally): void {
  const pick = random(seed);
  const before = stateOf(randomDocument(pick));
  const change = randomChange(before, pick);
  if (!change) return;
  tally.changes++;
  const steps = suggested(change.state, change.tr, "s1", () => false);
  if (!steps) return void tally.refused++;
  const edited = wanted(change.state, change.tr)!.doc;
  const no = resolveSuggestions(steps.doc, { s1: "reject" });
  if (!no.eq(before.doc)) throw new Error(`seed ${seed}: rejected, the text is not what it was`);
  if (shape(resolveSuggestions(steps.doc, { s1: "accept" })) !== shape(edited)) throw new Error(`seed ${seed}: accepted, the text is not the edited one`);
  for (const decision of ["accept", "reject"] as const) {
    if (!inSteps(steps.doc, { s1: decision }).eq(resolveSuggestions(steps.doc, { s1: decision }))) throw new Error(`seed ${seed}: ${decision} in steps differs`);
  }
  if (steps.doc.textContent.length > Math.max(before.doc.textContent.length, edited.textContent.length) * 1.5) tally.struck++;
}

/**
 * A decision is taken back after somebody else wrote on: the text, its suggestions and the other's words are all there,
 * or it is refused. Nothing written since, it is never refused. Gives whether it was taken back.
 */
export function proveTakenBack(seed: number, writes: boolean): boolean {
  const pick = random(seed);
  const start = stateOf(randomDocument(pick));
  const change = randomChange(start, pick);
  const made = change && suggested(change.state, change.tr, "s1", () => false);
  if (!made || !marksOf(made.doc, "s1")) return false;
  const decision = pick(2) ? "accept" : "reject";
  const decided = new Transform(made.doc);
  resolveInSteps(decided, { s1: decision });
  const later = writes ? randomChange(stateOf(decided.doc), pick) : null;
  if (writes && !later) return false;
  const since = later?.tr.steps ?? [];
  const today = later ? later.tr.doc : decided.doc;
  try {
    const { steps, ids } = undecide(made.doc, decided.steps, since, decision);
    const back = new Transform(today);
    steps.forEach((step) => back.step(step));
    check(back.doc);
    if (ids.join() !== "s1") throw new Error(`seed ${seed}: other suggestions came back: ${ids.join()}`);
    if (!writes && !back.doc.eq(made.doc)) throw new Error(`seed ${seed}: the text is not what it was`);
    // Words whose form is suggested may have become more.
    const told = (document: Node): string => JSON.stringify(pending(document).map(({ id, before, after, forms }) => ({ id, before, after, forms })));
    if (told(back.doc) !== told(made.doc)) throw new Error(`seed ${seed}: the suggestion is not what it was`);
    if (shape(inSteps(back.doc, { s1: decision })) !== shape(today)) throw new Error(`seed ${seed}: decided anew, it is another text`);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal) || !writes) throw error;
    return false;
  }
}

/** Two people suggest in turn; what is left when all of one's is rejected must not depend on what else was done. */
export function proveTogether(seed: number, tally: Tally): void {
  const pick = random(seed);
  let state = stateOf(randomDocument(pick));
  const first = state.doc;
  const owner = new Map<string, number>();
  const open = ["", ""];
  for (let turn = 0; turn < 8; turn++) {
    const person = pick(2);
    const change = randomChange(state, pick);
    if (!change) continue;
    tally.changes++;
    // Typing goes on in the same suggestion now and then.
    const id = open[person] && pick(2) ? open[person] : `p${person}-${turn}`;
    owner.set(id, person);
    open[person] = id;
    const steps = suggested(change.state, change.tr, id, (each) => owner.get(each) === person);
    if (!steps) {
      tally.refused++;
      continue;
    }
    state = stateOf(steps.doc);
  }
  if (!resolveSuggestions(state.doc, { "*": "reject" }).eq(first)) throw new Error(`seed ${seed}: all rejected, the text is not what it was`);
  oneByOne(seed, state.doc, [...owner.keys()], pick);
}

/** Decided one by one in any order, nothing is left over; one that hangs on another says so and waits for it. */
function oneByOne(seed: number, start: Node, ids: readonly string[], pick: Pick): void {
  const waiting = [...ids].sort(() => pick(3) - 1);
  let document = start;
  for (let turns = waiting.length * 3; waiting.length; turns--) {
    const id = waiting.shift()!;
    try {
      document = inSteps(document, { [id]: pick(2) ? "accept" : "reject" });
      if (marksOf(document, id)) throw new Error(`seed ${seed}: a decided suggestion is still there`);
    } catch (error) {
      if (!(error instanceof Refusal) || turns < 0) throw error;
      waiting.push(id);
    }
  }
  if (!resolveSuggestions(document, { "*": "accept" }).eq(document)) throw new Error(`seed ${seed}: something was left undecided`);
}

const marksOf = (document: Node, id: string): number => {
  let found = 0;
  document.descendants((node) => void (found += node.marks.filter((mark) => mark.attrs["id"] === id).length));
  return found;
};

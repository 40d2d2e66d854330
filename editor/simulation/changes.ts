/** Everything one can do in the writing room, done at random. */
import { baseKeymap, joinBackward, joinForward, lift, selectAll, wrapIn } from "prosemirror-commands";
import { Fragment, type Node, type NodeType, Slice } from "prosemirror-model";
import { splitListItem } from "prosemirror-schema-list";
import { type Command, type EditorState, NodeSelection, Selection, TextSelection, type Transaction } from "prosemirror-state";
import { CellSelection } from "prosemirror-tables";
import { setHeading, setParagraph } from "../commands/blocks.ts";
import { buildTable, insertBreak, insertCitation, insertFigure, insertFootnote, insertReference, insertWrapper } from "../commands/insert.ts";
import { setMark } from "../commands/marks.ts";
import { splitBlockPlain } from "../commands/split.ts";
import { newId } from "../ids.ts";
import { BLOCKS, HISTORY, MARKS, TABLE } from "../room/actions.ts";
import { schema } from "../schema.ts";
import { resolveSuggestion } from "./resolve.ts";
import type { Luck } from "./luck.ts";
import type { Words } from "./words.ts";

export interface Hand {
  readonly state: EditorState;
  readonly name: string;
  readonly luck: Luck;
  readonly words: Words;
  copied: Slice;
  /** What was really done: the change, or the suggestion of it. */
  dispatch(transaction: Transaction): Transaction;
}

type Change = (hand: Hand, fresh: string) => unknown;

const commands = (actions: readonly { command?: Command }[]): Command[] => actions.flatMap(({ command }) => (command ? [command] : []));
const run = (choices: readonly Command[]): Change => (hand) => hand.luck.of(choices)(hand.state, (transaction) => hand.dispatch(transaction));

function select({ state, luck, dispatch }: Hand): void {
  const size = state.doc.content.size;
  const at = luck.below(size + 1);
  const reach = luck.often(0.4) ? at : luck.often(0.6) ? Math.min(size, at + luck.below(12)) : luck.below(size + 1);
  let selection: Selection = TextSelection.between(state.doc.resolve(at), state.doc.resolve(reach));
  const node = state.doc.nodeAt(at);
  if (node && NodeSelection.isSelectable(node) && luck.often(0.15)) selection = NodeSelection.create(state.doc, at);
  dispatch(state.tr.setSelection(selection));
}

function selectCells({ state, luck, dispatch }: Hand): void {
  const cells: number[][] = [];
  state.doc.descendants((node, position) => {
    if (node.type.name === "table") cells.push([]);
    else if (/^table_(cell|header)$/.test(node.type.name)) cells.at(-1)!.push(position);
  });
  const inside = luck.of(cells.filter((each) => each.length));
  if (!inside) return;
  const [anchor, head] = [luck.of(inside), luck.of(inside)];
  const cell = luck.often(0.5) ? CellSelection.create(state.doc, anchor, head) : Selection.near(state.doc.resolve(anchor + 1));
  dispatch(state.tr.setSelection(cell));
}

const places = (doc: Node, fits: (node: Node) => boolean): number[] => {
  const found: number[] = [];
  doc.descendants((node, position) => void (fits(node) && found.push(position)));
  return found;
};

/** A value of its own for each attribute that a dialog can change. */
const VALUES: Record<string, (luck: Luck) => unknown> = {
  level: (luck) => luck.between(1, 4),
  start: (luck) => luck.between(0, 9),
  title: (luck) => luck.of(["", "Beware 😀", "عنوان"]),
  caption: (luck) => luck.of(["", "Countries"]),
  alt: (luck) => luck.of(["", "A map"]),
  decorative: (luck) => luck.often(0.5),
  addressee: (luck) => luck.of(["", "States"]),
  scope: (luck) => luck.of(["col", "row"]),
};

const changes = (name: string): boolean => name === "kind" || name in VALUES;

const attribute: Change = ({ state, luck, dispatch }) => {
  const position = luck.of(places(state.doc, (node) => Object.keys(node.attrs).some(changes)));
  if (position === undefined) return;
  const name = luck.of(Object.keys(state.doc.nodeAt(position)!.attrs).filter(changes));
  const { name: type } = state.doc.nodeAt(position)!.type;
  const kinds = type === "callout" ? ["risk", "note", "definition"] : ["legislation", "other"];
  dispatch(state.tr.setNodeAttribute(position, name, name === "kind" ? luck.of(kinds) : VALUES[name]!(luck)));
};

const make = (type: NodeType, attrs: Record<string, unknown>, content?: Node | Node[]): Node => type.createChecked({ id: newId(), ...attrs }, content);

const insert: Change = (hand, fresh) => {
  const { luck } = hand;
  const paragraph = schema.nodes["paragraph"]!;
  const put = (node: Node): Command => (state, dispatch) => {
    dispatch?.(state.tr.replaceSelectionWith(node));
    return true;
  };
  const table = (): Node => buildTable({ rows: luck.between(1, 3), columns: luck.between(1, 3), caption: "", headerRow: luck.often(0.5), headerColumn: luck.often(0.5) });
  return run([
    insertFootnote,
    insertBreak,
    insertCitation([{ source: "one", locator: "12", prefix: "", suffix: "" }]),
    insertReference("abc"),
    insertFigure({ asset: newId(), alt: "A map" }, fresh),
    insertWrapper("callout", { kind: "risk", title: "" }),
    insertWrapper("recommendation", { kind: "other", addressee: "States" }),
    put(table()),
    put(make(paragraph, {}, schema.text(fresh))),
  ])(hand, fresh);
};

const write: Change = (hand, fresh) => {
  const { from, to } = hand.state.selection;
  // Most words are put in; some in the place of what was selected.
  hand.dispatch(hand.state.tr.insertText(fresh, from, hand.luck.often(0.3) ? to : from));
};

const erase: Change = (hand) => {
  if (hand.luck.often(0.3)) hand.dispatch(hand.state.tr.deleteSelection());
  else run([baseKeymap["Backspace"]!, baseKeymap["Delete"]!])(hand, "");
};

const copy: Change = (hand) => void (hand.copied = hand.state.selection.content());
const paste: Change = (hand) => hand.dispatch(hand.state.tr.replaceSelection(hand.copied));
const move: Change = (hand) => {
  const { state, luck } = hand;
  const { from, to } = state.selection;
  const slice = state.selection.content();
  const tr = state.tr.deleteRange(from, to);
  const target = tr.mapping.map(luck.below(state.doc.content.size + 1));
  hand.dispatch(tr.replaceRange(target, target, new Slice(Fragment.from(slice.content), slice.openStart, slice.openEnd)));
};

const suggest: Change = ({ state, luck, name, dispatch }) => {
  const mark = schema.marks[luck.of(["insertion", "deletion"])]!.create({ id: `${name}${luck.below(4)}` });
  const { from, to, empty } = state.selection;
  const block = luck.of(places(state.doc, (node) => node.isBlock && node.type.spec.attrs?.["id"] !== undefined && !/^table_/.test(node.type.name)));
  if (!empty && luck.often(0.7)) dispatch(state.tr.addMark(from, to, mark));
  else if (block !== undefined) dispatch(state.tr.addNodeMark(block, mark));
};

const decide: Change = (hand) => {
  const ids = new Set<string>();
  hand.state.doc.descendants((node) => node.marks.forEach((mark) => mark.type.name in schema.marks && mark.attrs["id"] && ids.add(String(mark.attrs["id"]))));
  const id = hand.luck.of([...ids]);
  if (id) resolveSuggestion(id, hand.luck.of(["accept", "reject"]))(hand.state, (transaction) => hand.dispatch(transaction));
};

const shape = run([
  ...commands(BLOCKS),
  ...[1, 2, 3].map(setHeading),
  setParagraph,
  lift,
  joinBackward,
  joinForward,
  wrapIn(schema.nodes["callout"]!),
  splitBlockPlain,
  splitListItem(schema.nodes["list_item"]!),
  baseKeymap["Enter"]!,
  baseKeymap["Mod-Enter"]!,
]);

const mark = run([
  ...commands(MARKS),
  setMark("link", { href: "https://example.org/" }),
  setMark("language", { lang: "ar", dir: "rtl" }),
]);

const inTable: Change = (hand) => {
  selectCells(hand);
  run(commands(TABLE))(hand, "");
};

/** Each as often as its number says. */
const CHANGES: readonly (readonly [number, string, Change])[] = [
  [30, "write", write],
  [8, "erase", erase],
  [3, "copy", copy],
  [5, "paste", paste],
  [3, "move", move],
  [8, "mark", mark],
  [14, "shape", shape],
  [6, "insert", insert],
  [6, "attribute", attribute],
  [5, "suggest", suggest],
  [3, "decide", decide],
  [8, "table", inTable],
  [9, "history", run(commands(HISTORY))],
  [0.2, "everything", run([selectAll])],
];
const SUM = CHANGES.reduce((sum, [weight]) => sum + weight, 0);

/** One change by a person's hand; its kind. */
export function change(hand: Hand): string {
  let place = hand.luck.part() * SUM;
  const [, name, act] = CHANGES.find(([weight]) => (place -= weight) < 0) ?? CHANGES[0]!;
  const fresh = name === "write" || name === "insert" ? hand.words.fresh(hand.luck) : "";
  if (name !== "history" && name !== "paste") select(hand);
  let made = false;
  const { name: author, luck, words, copied } = hand;
  const watched: Hand = {
    ...{ name: author, luck, words, copied },
    get state() {
      return hand.state;
    },
    dispatch(transaction) {
      const before = hand.state.doc;
      const done = hand.dispatch(transaction);
      if (hand.state.doc === before) return done;
      made = true;
      hand.words.changed(hand.name, before, hand.state.doc, done, fresh);
      return done;
    },
  };
  act(watched, fresh);
  hand.copied = watched.copied;
  return made ? name : "";
}

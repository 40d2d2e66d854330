/**
 * Several editors and one authority, with random changes and random delays: whatever happens, all
 * must end with the same document and the same hash as the engine. The test runs it short; run it
 * long with `SEEDS=2000 vitest run convergence`.
 */
import { baseKeymap, lift, toggleMark, wrapIn } from "prosemirror-commands";
import { collab, getVersion, receiveTransaction, sendableSteps } from "prosemirror-collab";
import { history, redo, undo } from "prosemirror-history";
import { Node, Slice } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { type Command, EditorState, TextSelection } from "prosemirror-state";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, mergeCells, splitCell, tableEditing } from "prosemirror-tables";
import { Step } from "prosemirror-transform";
import { call } from "../engine/index.ts";
import { documentHash } from "../hash.ts";
import { guard } from "../plugins/guard.ts";
import { ids } from "../plugins/ids.ts";
import { schema } from "../schema.ts";
import { callout, cite, doc, footnote, h, li, ol, p, recommendation, strong, suggested, table, td, th, tr, ul, xref } from "./builders.ts";

/** A small generator of our own, so that a failing seed can be run again. */
export function random(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

export const opening = (): Node =>
  doc(
    h(1, "Why this matters"),
    p("A first paragraph with ", strong("strong"), " words 😀", footnote("See ", cite("one")), " and more."),
    ul(li(p("one")), li(p("two"), ol(li(p("deep"))))),
    table("Countries", tr(th(p("State")), th(p("Cases"))), tr(td(p("A")), td(p("12")))),
    callout("risk", "Beware", p("A callout "), p(suggested("insertion", "s1", "new"), suggested("deletion", "s2", "old"))),
    recommendation("States", p("Act on "), p(xref("abc"))),
    p("Last words."),
  );

export class Authority {
  version = 0;
  hash: string;
  readonly steps: string[] = [];
  readonly clients: string[] = [];

  constructor(start: Node) {
    this.hash = call("load", ["s", 0, JSON.stringify(start.toJSON())]).slice(1);
  }

  take(version: number, steps: readonly Step[], client: string): boolean {
    if (version !== this.version) return false;
    const answer = call("apply", ["s", version, JSON.stringify(steps.map((step) => step.toJSON()))]);
    if (!answer.startsWith("=")) throw new Error(`the engine refused a step that the guard let through: ${answer}`);
    const applied = JSON.parse(answer.slice(1)) as { version: number; hash: string; steps: string[] };
    this.version = applied.version;
    this.hash = applied.hash;
    this.steps.push(...applied.steps);
    this.clients.push(...applied.steps.map(() => client));
    return true;
  }

  text(): string {
    return call("text", ["s", this.version]).slice(1);
  }
}

const list = schema.nodes["list_item"]!;
const COMMANDS: Command[] = [
  baseKeymap["Enter"]!,
  baseKeymap["Backspace"]!,
  baseKeymap["Delete"]!,
  lift,
  wrapIn(schema.nodes["block_quote"]!),
  wrapIn(schema.nodes["callout"]!),
  wrapInList(schema.nodes["bullet_list"]!),
  splitListItem(list),
  sinkListItem(list),
  liftListItem(list),
  addRowAfter,
  addColumnAfter,
  deleteRow,
  deleteColumn,
  mergeCells,
  splitCell,
  undo,
  undo,
  redo,
  ...["strong", "em", "superscript"].map((name) => toggleMark(schema.marks[name]!)),
  toggleMark(schema.marks["link"]!, { href: "https://example.org/" }),
  toggleMark(schema.marks["language"]!, { lang: "fr", dir: "ltr" }),
];

export class Client {
  state: EditorState;
  #copied: Slice = Slice.empty;

  constructor(
    readonly name: string,
    start: Node,
    readonly authority: Authority,
  ) {
    const plugins = [collab({ clientID: name }), history(), tableEditing(), guard(), ids()];
    this.state = EditorState.create({ doc: start, plugins });
  }

  #dispatch = (transaction: EditorState["tr"]): void => {
    this.state = this.state.apply(transaction);
  };

  change(pick: (below: number) => number): void {
    const size = this.state.doc.content.size;
    const [a, b] = [pick(size + 1), pick(size + 1)];
    const near = TextSelection.between(this.state.doc.resolve(a), this.state.doc.resolve(pick(3) ? a : b));
    this.#dispatch(this.state.tr.setSelection(near));
    const kind = pick(10);
    const { from, to } = this.state.selection;
    if (kind < 4) this.#dispatch(this.state.tr.insertText("abc 😀 é".slice(0, 1 + pick(5)), from, to));
    else if (kind === 4) this.#dispatch(this.state.tr.deleteSelection());
    else if (kind === 5) this.#copied = this.state.selection.content();
    else if (kind === 6) this.#dispatch(this.state.tr.replaceSelection(this.#copied));
    else COMMANDS[pick(COMMANDS.length)]!(this.state, this.#dispatch);
  }

  pull(): void {
    const from = getVersion(this.state);
    const steps = this.authority.steps.slice(from).map((text) => Step.fromJSON(schema, JSON.parse(text)));
    if (steps.length) this.#dispatch(receiveTransaction(this.state, steps, this.authority.clients.slice(from), { mapSelectionBackward: true }));
  }

  push(): void {
    const sendable = sendableSteps(this.state);
    if (!sendable) return;
    if (this.authority.take(sendable.version, sendable.steps, this.name)) this.pull();
  }

  get hash(): string {
    return documentHash(this.state.doc);
  }
}

/** Runs one story and returns what all came to; throws when a client differs or a step was refused. */
export function converge(seed: number, clients: number, turns: number): { hash: string; steps: number } {
  const pick = random(seed);
  const start = opening();
  const authority = new Authority(start);
  const people = Array.from({ length: clients }, (_, index) => new Client(`c${index}`, start, authority));
  for (let turn = 0; turn < turns; turn++) {
    const person = people[pick(people.length)]!;
    const act = pick(6);
    if (act < 4) person.change(pick);
    else if (act === 4) person.pull();
    else person.push();
  }
  for (let round = 0; round <= people.length * 2; round++) {
    for (const person of people) {
      person.pull();
      person.push();
    }
  }
  const reread = Node.fromJSON(schema, JSON.parse(authority.text()));
  for (const person of people) {
    person.pull();
    if (!person.state.doc.eq(reread) || person.hash !== authority.hash) {
      throw new Error(`seed ${seed}: ${person.name} came to another document than the engine`);
    }
  }
  return { hash: authority.hash, steps: authority.version };
}

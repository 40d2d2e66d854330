/** Suggesting instead of editing: every change a person makes is made as a suggestion, or not at all. */
import type { Node } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { newId } from "../ids.ts";
import { idOf, isSuggestion } from "../suggestions.ts";
import type { Mine } from "./brush.ts";
import { selectionIn } from "./caret.ts";
import { suggest, type Wanted, wanted } from "./suggest.ts";
import { plain } from "./tokens.ts";

export interface Mode {
  readonly on: boolean;
  /** Suggestions that this person made, now and before. */
  readonly mine: ReadonlySet<string>;
  /** Those begun since the page was opened: what is typed beside them goes on in them. */
  readonly open: ReadonlySet<string>;
}

type News = { readonly on: boolean } | { readonly id: string } | { readonly mine: readonly string[] };

const key = new PluginKey<Mode>("suggesting");
const NOBODY: Mode = { on: false, mine: new Set(), open: new Set() };

export const modeOf = (state: EditorState): Mode => key.getState(state) ?? NOBODY;
export const switchMode = (tr: Transaction, on: boolean): Transaction => tr.setMeta(key, { on }).setMeta("addToHistory", false);
export const ownSuggestions = (tr: Transaction, mine: readonly string[]): Transaction => tr.setMeta(key, { mine }).setMeta("addToHistory", false);

function hear(mode: Mode, news: News | undefined): Mode {
  if (!news) return mode;
  if ("on" in news) return { ...mode, on: news.on };
  if ("mine" in news) return { ...mode, mine: new Set([...mode.mine, ...news.mine]) };
  return { ...mode, mine: new Set(mode.mine).add(news.id), open: new Set(mode.open).add(news.id) };
}

/** A person's own change, as against what others did, what is undone, and what was suggested already. */
const isOwn = (tr: Transaction): boolean =>
  tr.docChanged && tr.getMeta("history$") === undefined && tr.getMeta("collab$") === undefined && tr.getMeta("rebased") === undefined && tr.getMeta(key) === undefined;

/** The person's open suggestion that the change touches, or a new one. */
function idFor(doc: Node, { hull }: Wanted, open: ReadonlySet<string>): string {
  if (!hull || !open.size) return newId();
  for (const position of [hull.from, hull.to]) {
    const $position = doc.resolve(position);
    const around = [$position.nodeBefore, $position.nodeAfter, $position.parent];
    for (const mark of around.flatMap((node) => node?.marks ?? [])) if (isSuggestion(mark) && open.has(idOf(mark))) return idOf(mark);
  }
  return newId();
}

/** The cursor after Delete stands behind what was struck out, after everything else where the words tell. */
function forwards(state: EditorState, tr: Transaction, { hull }: Wanted): boolean {
  const { selection } = state;
  return hull !== null && selection.empty && selection.head === hull.from && hull.to > hull.from && tr.doc.content.size < state.doc.content.size;
}

/** The same change as a suggestion. Raises a Refusal when it cannot be suggested truly. */
export function asSuggestion(state: EditorState, tr: Transaction): Transaction {
  const mode = modeOf(state);
  if (!mode.on || !isOwn(tr)) return tr;
  const want = wanted(state, tr);
  if (!want) return tr;
  const id = idFor(state.doc, want, mode.open);
  const mine: Mine = (each) => mode.mine.has(each);
  const { tr: made, renamed } = suggest(state.doc, want, id, mine);
  const suggested = state.tr.setMeta(key, { id });
  for (const step of made.steps) suggested.step(step);
  const behind = forwards(state, tr, want) ? suggested.mapping.map(want.hull!.to, 1) : null;
  suggested.setSelection(behind === null ? selectionIn(suggested.doc, want.doc, want.selection, renamed) : TextSelection.near(suggested.doc.resolve(behind)));
  if (tr.storedMarks) suggested.setStoredMarks(plain(tr.storedMarks));
  for (const name of ["paste", "uiEvent", "composition"]) if (tr.getMeta(name) !== undefined) suggested.setMeta(name, tr.getMeta(name));
  return tr.scrolledIntoView ? suggested.scrollIntoView() : suggested;
}

/** Backspace and Delete step over what is struck out already, all of it at once. */
function overDeleted(view: EditorView, event: KeyboardEvent): boolean {
  const back = event.key === "Backspace";
  const { $from, empty } = view.state.selection;
  if (!(back || event.key === "Delete") || !empty || event.shiftKey) return false;
  let at = $from.pos;
  for (;;) {
    const $at = view.state.doc.resolve(at);
    const node = back ? $at.nodeBefore : $at.nodeAfter;
    if (!node?.isInline || !node.marks.some((mark) => mark.type.name === "deletion")) break;
    at += back ? -node.nodeSize : node.nodeSize;
  }
  if (at === $from.pos) return false;
  view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(at), back ? -1 : 1)).scrollIntoView());
  return true;
}

export interface Start {
  readonly on: boolean;
  readonly mine: readonly string[];
}

export const suggesting = ({ on, mine }: Start): Plugin<Mode> =>
  new Plugin<Mode>({
    key,
    state: {
      init: () => ({ on, mine: new Set(mine), open: new Set() }),
      apply: (tr, mode) => hear(mode, tr.getMeta(key) as News | undefined),
    },
    props: {
      handleKeyDown: (view, event) => modeOf(view.state).on && !event.ctrlKey && !event.metaKey && !event.altKey && overDeleted(view, event),
      attributes: (state) => ({ class: modeOf(state).on ? "is-suggesting" : "" }),
    },
  });


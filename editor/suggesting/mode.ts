/** Suggesting instead of editing: whether a person does, and which suggestions are theirs. */
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

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

export const begun = (tr: Transaction, id: string): Transaction => tr.setMeta(key, { id });
export const touchesMode = (tr: Transaction): boolean => tr.getMeta(key) !== undefined;

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


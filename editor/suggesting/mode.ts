/** Suggesting instead of editing: whether a person does, and which suggestions are theirs. */
import { Fragment, Slice } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from "prosemirror-state";
import { ReplaceStep } from "prosemirror-transform";
import type { EditorView } from "prosemirror-view";
import { isSuggestion } from "../suggestions.ts";

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

/** A person's own change, as against what others did, what is undone, and what was suggested already. */
export const isOwn = (tr: Transaction): boolean =>
  tr.docChanged && tr.getMeta("history$") === undefined && tr.getMeta("collab$") === undefined && tr.getMeta("rebased") === undefined && tr.getMeta(key) === undefined;

/**
 * Words typed in the text itself are nobody's suggestion: inside struck words they would go with them, inside
 * another's new words they would be taken for theirs.
 */
export function asTyped(tr: Transaction): Transaction {
  const step = tr.steps[0];
  if (tr.steps.length !== 1 || !(step instanceof ReplaceStep) || !step.slice.size || !isOwn(tr)) return tr;
  if (tr.getMeta("paste") || tr.getMeta("uiEvent") || !step.slice.content.content.every((node) => node.isText)) return tr;
  const marks = new Set(step.slice.content.content.flatMap((node) => node.marks.filter(isSuggestion)));
  const stored = tr.storedMarks;
  for (const mark of marks) tr.removeMark(step.from, step.from + step.slice.size, mark);
  return marks.size && stored ? tr.setStoredMarks(stored.filter((mark) => !isSuggestion(mark))) : tr;
}

/** What is pasted is new: struck words stay behind, and nobody has suggested the others. */
export function asPasted(slice: Slice): Slice {
  const bare = (content: Fragment): Fragment =>
    Fragment.fromArray(
      content.content
        .filter((node) => !node.isInline || !node.marks.some((mark) => mark.type.name === "deletion"))
        .map((node) => (node.isText ? node : node.copy(bare(node.content))).mark(node.marks.filter((mark) => !isSuggestion(mark)))),
    );
  return new Slice(bare(slice.content), slice.openStart, slice.openEnd);
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
      transformPasted: asPasted,
      attributes: (state) => ({ class: modeOf(state).on ? "is-suggesting" : "" }),
    },
  });


/** What the find panel found in this section, highlighted; the panel itself is loaded when it is first opened. */
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import type { EditorView } from "prosemirror-view";
import type { Match } from "../find/matches.ts";

export const foundKey = new PluginKey<DecorationSet>("found");

let changed: (() => void) | null = null;

/** Who looks for something is told of every change of the text. */
export function onTextChange(listener: (() => void) | null): void {
  changed = listener;
}

/** Highlights these matches, `current` stronger than the others. */
export function highlight(view: EditorView, found: readonly Match[], current: number): void {
  const { doc } = view.state;
  const marks = found.map(({ from, to, attribute }, index) => {
    const look = { class: index === current ? "find-match find-match-now" : "find-match" };
    const node = attribute ? doc.nodeAt(from) : null;
    return node ? Decoration.node(from, from + node.nodeSize, look) : Decoration.inline(from, to, look);
  });
  view.dispatch(view.state.tr.setMeta(foundKey, DecorationSet.create(doc, marks)).setMeta("addToHistory", false));
}

export const found = (): Plugin<DecorationSet> =>
  new Plugin<DecorationSet>({
    key: foundKey,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, shown) {
        const marks = tr.getMeta(foundKey) as DecorationSet | undefined;
        if (marks) return marks;
        return tr.docChanged && shown !== DecorationSet.empty ? shown.map(tr.mapping, tr.doc) : shown;
      },
    },
    props: { decorations: (state) => foundKey.getState(state) },
    view: () => ({
      update(view, before) {
        if (view.state.doc !== before.doc) changed?.();
      },
    }),
  });

/** The words that authors talk about, highlighted; the highlight moves with the words. */
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import type { Node } from "prosemirror-model";
import { findBlock, positionAt } from "../offsets.ts";
import type { ThreadAnchor } from "../room/config.ts";

export const threadsKey = new PluginKey<DecorationSet>("threads");

function place(doc: Node, anchor: ThreadAnchor): Decoration | null {
  const found = findBlock(doc, anchor.block);
  if (!found?.node.isTextblock) return null;
  const from = positionAt(found.node, found.position, anchor.start);
  const to = positionAt(found.node, found.position, anchor.end);
  if (from === null || to === null || from >= to) return null;
  return marked(from, to, anchor);
}

function marked(from: number, to: number, { thread, state }: Pick<ThreadAnchor, "thread" | "state">, on = ""): Decoration {
  const attributes = { class: `talk talk-${state}${thread === on ? " on" : ""}`, "data-thread": thread };
  return Decoration.inline(from, to, attributes, { thread, state });
}

/** The same words, with those of one thread set apart. */
function choose(doc: Node, drawn: DecorationSet, on: string): DecorationSet {
  const all = drawn.find().map(({ from, to, spec }) => marked(from, to, spec as ThreadAnchor, on));
  return DecorationSet.create(doc, all);
}

const draw = (doc: Node, anchors: readonly ThreadAnchor[]): DecorationSet =>
  DecorationSet.create(doc, anchors.map((anchor) => place(doc, anchor)).filter((decoration) => decoration !== null));

/** `chosen` is told which thread's words were clicked. */
export const threads = (anchors: readonly ThreadAnchor[], chosen: (thread: string) => void): Plugin<DecorationSet> =>
  new Plugin<DecorationSet>({
    key: threadsKey,
    state: {
      init: (_config, state) => draw(state.doc, anchors),
      apply(tr, drawn) {
        // Others have begun or settled a thread: where all of them stand now. A name alone: the one that is read.
        const told = tr.getMeta(threadsKey) as readonly ThreadAnchor[] | string | undefined;
        if (typeof told === "string") return choose(tr.doc, drawn, told);
        if (told) return draw(tr.doc, told);
        return tr.docChanged ? drawn.map(tr.mapping, tr.doc) : drawn;
      },
    },
    props: {
      decorations: (state) => threadsKey.getState(state),
      handleClick(_view, _position, event) {
        const words = (event.target as Element).closest?.<HTMLElement>("[data-thread]");
        if (words?.dataset["thread"]) chosen(words.dataset["thread"]);
        return false;
      },
    },
  });

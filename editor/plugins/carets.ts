/** Where the others are: a caret with a name, and their selection, moved along with every change. */
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import type { Node } from "prosemirror-model";
import { el } from "../room/dom.ts";

export interface Person {
  readonly user: string;
  readonly name: string;
  readonly role: string;
  /** One of eight colours of the theme, each readable on both grounds. */
  readonly colour: number;
  readonly from: number | null;
  readonly to: number | null;
}

export const caretsKey = new PluginKey<DecorationSet>("carets");

function draw(doc: Node, people: readonly Person[]): DecorationSet {
  const decorations: Decoration[] = [];
  for (const { user, name, colour, from, to } of people) {
    if (from === null || to === null || from < 0 || to > doc.content.size || from > to) continue;
    const tone = `tone-${colour % 8}`;
    if (from < to) decorations.push(Decoration.inline(from, to, { class: `their-selection ${tone}` }));
    const caret = (): HTMLElement => el("span", { class: `their-caret ${tone}`, "aria-hidden": "true" }, el("span", {}, name));
    decorations.push(Decoration.widget(to, caret, { key: `${user}-${colour}-${name}`, side: 10, ignoreSelection: true }));
  }
  return DecorationSet.create(doc, decorations);
}

export const carets = (): Plugin<DecorationSet> =>
  new Plugin<DecorationSet>({
    key: caretsKey,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, drawn) {
        const people = tr.getMeta(caretsKey) as readonly Person[] | undefined;
        if (people) return draw(tr.doc, people);
        return tr.docChanged ? drawn.map(tr.mapping, tr.doc) : drawn;
      },
    },
    props: { decorations: (state) => caretsKey.getState(state) },
  });

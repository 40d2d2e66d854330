/** Where the others are: a caret with a name, and their selection, moved along with every change. */
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
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

/** A name hides words: it is shown for so long after its caret went somewhere, in milliseconds, and when pointed at. */
const NAMED = 2_500;
/** How near the pointer must be to ask for a name, and how high one stands above its line, in pixels. */
const NEAR = 14;
const HEIGHT = 20;

let moves = 0;

/** Made once for each place: the paragraph may be drawn anew without the caret having gone anywhere. */
function caretOf(name: string, tone: string): () => HTMLElement {
  let made: HTMLElement | undefined;
  return () => {
    if (made) return made;
    const caret = (made = el("span", { class: `their-caret named ${tone}`, "aria-hidden": "true" }, el("span", {}, name)));
    setTimeout(() => caret.classList.remove("named"), NAMED);
    return caret;
  };
}

function draw(doc: Node, people: readonly Person[], before: DecorationSet): DecorationSet {
  const decorations: Decoration[] = [];
  for (const { user, name, colour, from, to } of people) {
    if (from === null || to === null || from < 0 || to > doc.content.size || from > to) continue;
    const tone = `tone-${colour % 8}`;
    if (from < to) decorations.push(Decoration.inline(from, to, { class: `their-selection ${tone}` }));
    const who = `${user}-${colour}-${name}`;
    const still = before.find(to, to, (spec) => spec["who"] === who)[0]?.spec as { key: string; make(): HTMLElement } | undefined;
    const { key, make } = still ?? { key: `${who}-${++moves}`, make: caretOf(name, tone) };
    decorations.push(Decoration.widget(to, make, { key, make, who, side: 10, ignoreSelection: true }));
  }
  return DecorationSet.create(doc, decorations);
}

const all = ({ dom }: EditorView): HTMLElement[] => [...dom.querySelectorAll<HTMLElement>(".their-caret")];
const anybody = ({ state }: EditorView): boolean => caretsKey.getState(state) !== DecorationSet.empty;

/** A name stands above its caret, and below where it would stand on the line that one is writing. */
function clear(view: EditorView): void {
  if (view.isDestroyed) return;
  const own = view.coordsAtPos(view.state.selection.head);
  for (const caret of all(view)) {
    const { top } = caret.getBoundingClientRect();
    caret.classList.toggle("under", own.bottom < top + HEIGHT / 2 && own.bottom > top - HEIGHT);
  }
}

function point(view: EditorView, { clientX, clientY }: MouseEvent): void {
  for (const caret of anybody(view) ? all(view) : []) {
    const { left, top, bottom } = caret.getBoundingClientRect();
    caret.classList.toggle("near", Math.abs(clientX - left) < NEAR && clientY > top && clientY < bottom);
  }
}

export const carets = (): Plugin<DecorationSet> =>
  new Plugin<DecorationSet>({
    key: caretsKey,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, drawn) {
        const people = tr.getMeta(caretsKey) as readonly Person[] | undefined;
        if (people) return draw(tr.doc, people, drawn.map(tr.mapping, tr.doc));
        return tr.docChanged ? drawn.map(tr.mapping, tr.doc) : drawn;
      },
    },
    props: {
      decorations: (state) => caretsKey.getState(state),
      handleDOMEvents: { mousemove: (view, event) => void point(view, event), mouseleave: (view, event) => void point(view, event) },
    },
    view: () => {
      let asked = 0;
      return {
        // With the frame that is drawn anyway, and never for a page on which one is alone.
        update(view) {
          if (anybody(view)) asked ||= requestAnimationFrame(() => ((asked = 0), clear(view)));
        },
      };
    },
  });

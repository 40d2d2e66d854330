/** A person's change turned into a suggestion; loaded when somebody first suggests. */
import type { Node } from "prosemirror-model";
import { type EditorState, TextSelection, type Transaction } from "prosemirror-state";
import { newId } from "../ids.ts";
import { idOf, isSuggestion } from "../suggestions.ts";
import type { Mine } from "./brush.ts";
import { selectionIn } from "./caret.ts";
import { begun, isOwn, modeOf } from "./mode.ts";
import { suggest, type Wanted, wanted } from "./suggest.ts";
import { plain } from "./tokens.ts";

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
  const suggested = begun(state.tr, id);
  for (const step of made.steps) suggested.step(step);
  const behind = forwards(state, tr, want) ? suggested.mapping.map(want.hull!.to, 1) : null;
  suggested.setSelection(behind === null ? selectionIn(suggested.doc, want.doc, want.selection, renamed) : TextSelection.near(suggested.doc.resolve(behind)));
  if (tr.storedMarks) suggested.setStoredMarks(plain(tr.storedMarks));
  for (const name of ["paste", "uiEvent", "composition"]) if (tr.getMeta(name) !== undefined) suggested.setMeta(name, tr.getMeta(name));
  return tr.scrolledIntoView ? suggested.scrollIntoView() : suggested;
}

/**
 * A decision taken back after others wrote on: its steps are undone through what came since, and what comes out is
 * proven before it is stored. Decided again, it must give today's text, and each suggestion must read as it did.
 */
import type { Node } from "prosemirror-model";
import { type Step, Transform } from "prosemirror-transform";
import { applyStep } from "../guard.ts";
import { Refusal } from "../refusal.ts";
import { type Decision, type Decisions, idOf, isSuggestion, resolveSuggestions } from "../suggestions.ts";

export interface Undecided {
  readonly steps: readonly Step[];
  /** The suggestions that wait again. */
  readonly ids: readonly string[];
}

/** What the mapping can do and does not say: it knows which map undoes which. */
interface Mirrors {
  setMirror(one: number, other: number): void;
}

/** What each suggestion says, in the order of the text: of a block whose form is suggested its form, else all that it is. */
function spelled(doc: Node): Map<string, unknown[]> {
  const said = new Map<string, unknown[]>();
  doc.descendants((node) => {
    for (const mark of node.marks.filter(isSuggestion)) {
      const form = mark.type.name === "modification" && node.isBlock;
      const parts = said.get(idOf(mark)) ?? [];
      parts.push(form ? [mark.toJSON(), node.type.name, node.attrs] : node.toJSON());
      said.set(idOf(mark), parts);
    }
    return true;
  });
  return said;
}

/** The text with its only paragraph called as today's: deciding gave it an identity that nothing else tells. */
function called(doc: Node, like: Node): Node {
  if (doc.childCount !== 1 || doc.firstChild!.attrs["id"] !== "") return doc;
  const { type, attrs, content, marks } = doc.firstChild!;
  return doc.copy(doc.content.replaceChild(0, type.create({ ...attrs, id: String(like.firstChild!.attrs["id"]) }, content, marks)));
}

/** The inverses of the first steps, carried through those that came after. */
function rebased(before: Node, decided: readonly Step[], since: readonly Step[]): { today: Node; steps: Step[] } {
  const tr = new Transform(before);
  const inverses: Step[] = [];
  for (const step of decided) {
    inverses.unshift(step.invert(tr.doc));
    tr.step(step);
  }
  for (const step of since) {
    applyStep(step, tr.doc);
    tr.step(step);
  }
  const today = tr.doc;
  if (!since.length) return { today, steps: inverses };
  const first = tr.steps.length;
  inverses.forEach((inverse, index) => {
    const from = decided.length - index;
    const mapped = inverse.map(tr.mapping.slice(from));
    if (!mapped || tr.maybeStep(mapped).failed) throw changed();
    (tr.mapping as unknown as Mirrors).setMirror(from - 1, tr.steps.length - 1);
  });
  return { today, steps: tr.steps.slice(first) };
}

const changed = (): Refusal => new Refusal("changed", "The place has been changed since it was decided.");

/** The steps that bring back what was decided. Raises a Refusal when somebody has changed the place since. */
export function undecide(before: Node, decided: readonly Step[], since: readonly Step[], decision: Decision): Undecided {
  let after = before;
  for (const step of decided) after = applyStep(step, after);
  const [then, left] = [spelled(before), spelled(after)];
  const ids = [...then.keys()].filter((id) => !left.has(id));
  const { today, steps } = rebased(before, decided, since);
  let back = today;
  for (const step of steps) back = applyStep(step, back);
  const decisions: Decisions = Object.fromEntries(ids.map((id) => [id, decision]));
  const now = spelled(back);
  const same = ids.every((id) => JSON.stringify(now.get(id)) === JSON.stringify(then.get(id)));
  if (!same || !called(resolveSuggestions(back, decisions), today).eq(today)) throw changed();
  return { steps, ids };
}

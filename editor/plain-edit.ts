/**
 * Plain typing: words come or go inside one paragraph, and nothing else does. What is drawn beside the
 * text (numbers, labels) needs no second look then, and this is most of all changes.
 */
import type { Fragment, Node } from "prosemirror-model";
import type { Transaction } from "prosemirror-state";
import { AddMarkStep, RemoveMarkStep, ReplaceStep, type Step } from "prosemirror-transform";

const onlyText = (content: Fragment): boolean => {
  for (let i = 0; i < content.childCount; i++) if (!content.child(i).isText) return false;
  return true;
};

/** Some text besides what is replaced, so that the paragraph is as little blank afterwards as before. */
const hasWords = (parent: Node): boolean => parent.textContent.trim().length > 1;

function plain(step: Step, doc: Node): boolean {
  if (step instanceof AddMarkStep || step instanceof RemoveMarkStep) return true;
  if (!(step instanceof ReplaceStep) || step.slice.openStart || step.slice.openEnd || !onlyText(step.slice.content)) return false;
  const $from = doc.resolve(step.from);
  const parent = $from.parent;
  if (!parent.isTextblock || parent.type.name !== "paragraph" || step.to > $from.end()) return false;
  // A range that holds a note or a citation is longer than the text in it.
  const removed = doc.textBetween(step.from, step.to);
  if (removed.length !== step.to - step.from) return false;
  return hasWords(parent) && (removed === "" || parent.textContent.replace(removed, "").trim().length > 1);
}

/** Whether every step only types, deletes or marks words in a paragraph that keeps some. */
export function isPlainTyping(tr: Transaction): boolean {
  return tr.steps.every((step, index) => plain(step, tr.docs[index]!));
}

/**
 * Words that can be told apart: each is written once in a story, in scripts and shapes that are easily
 * broken (emoji of two halves, right-to-left, letters with marks of their own).
 */
import type { Node } from "prosemirror-model";
import type { Mappable, Step } from "prosemirror-transform";
import type { Luck } from "./luck.ts";

const SHAPES = ["", "", "", "😀", "👩‍👩‍👧", "é", "ñ̃", "العربية", "שלום", "नमस्ते", "한국", " – ", "‏", "½"];
/** Of one length: what is left of a word that was cut into is not another word. */
const WORD = /q\d{4}z/g;

export class Words {
  #last = 0;
  readonly all = new Map<string, string>();
  /** Taken out by somebody who saw them. */
  readonly deleted = new Set<string>();
  /** Written again on purpose: pasted, moved, brought back. */
  readonly copied = new Set<string>();
  readonly offered = new Set<string>();
  /** Ids of what was offered back. */
  readonly offers = new Set<string>();

  fresh(luck: Luck): string {
    return `${luck.of(SHAPES)}q${String(++this.#last).padStart(4, "0")}z${luck.of(SHAPES)} `;
  }

  /** What one change by a person's own hand, these steps in this mapping, did to the words they saw. */
  changed(author: string, was: Node, is: Node, { steps, mapping }: { steps: readonly Step[]; mapping: Mappable }, fresh: string): void {
    const [before, after] = [counted(read(was)), counted(read(is))];
    // Also one of two: somebody else may take the other out at the same time.
    for (const [word, times] of before) if ((after.get(word) ?? 0) < times) this.deleted.add(word);
    for (const word of after.keys()) if (!before.has(word) && fresh.includes(word)) this.all.set(word, author);
    // Also out of pieces: in seed 73 a suggestion struck a paragraph and wrote the rest of its “q0010z” behind a “q00” there.
    for (const [word, times] of after) if ((before.get(word) ?? 0) < times && !fresh.includes(word)) this.copied.add(word);
    const written = new Set(steps.flatMap(writtenBy));
    for (const word of written) if (!fresh.includes(word)) this.copied.add(word);
    for (const word of cut(was, mapping)) if (!written.has(word)) this.deleted.add(word);
  }

  offer(text: string): void {
    for (const word of find(text)) this.offered.add(word);
  }
}

export const find = (text: string): string[] => text.match(WORD) ?? [];

export function counted(words: readonly string[]): Map<string, number> {
  const count = new Map<string, number>();
  for (const word of words) count.set(word, (count.get(word) ?? 0) + 1);
  return count;
}

function writtenBy(step: Step): string[] {
  const written = (step as { slice?: { content?: { textBetween(from: number, to: number, between: string): string; size: number } } }).slice?.content;
  return written ? find(written.textBetween(0, written.size, "\n")) : [];
}

/**
 * Words of which a letter was taken out. They need not look it: in seed 632 “q0017z” was written behind the
 * “q0” of “q0016z”, then the letters “0” and “q” went, and what read “q0017z” still was the “q” of the one word
 * and the “0017z” of the other.
 */
function cut(doc: Node, mapping: Mappable): string[] {
  let text = "";
  const places: number[] = [];
  doc.descendants((node, place) => {
    const letters = node.isText ? node.text! : node.isBlock || node.isLeaf ? "\n" : "";
    for (let at = 0; at < letters.length; at++) places.push(place + at);
    text += letters;
  });
  const gone = (place: number): boolean => mapping.mapResult(place, 1).deletedAfter;
  return [...text.matchAll(WORD)].filter(({ 0: word, index }) => places.slice(index, index + word.length).some(gone)).map(([word]) => word);
}

/** Every word of a document, as often as it stands there. */
export const read = (doc: Node): string[] => find(doc.textBetween(0, doc.content.size, "\n", "\n"));

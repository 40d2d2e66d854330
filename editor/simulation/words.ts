/**
 * Words that can be told apart: each is written once in a story, in scripts and shapes that are easily
 * broken (emoji of two halves, right-to-left, letters with marks of their own).
 */
import type { Node } from "prosemirror-model";
import type { Step } from "prosemirror-transform";
import type { Luck } from "./luck.ts";

const SHAPES = ["", "", "", "😀", "👩‍👩‍👧", "é", "ñ̃", "العربية", "שלום", "नमस्ते", "한국", " – ", "‏", "½"];
/** Of one length: what is left of a word that was cut into is not another word. */
const WORD = /q\d{4}q/g;

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
    return `${luck.of(SHAPES)}q${String(++this.#last).padStart(4, "0")}q${luck.of(SHAPES)} `;
  }

  /** What one change by a person's own hand did to the words they saw. */
  changed(author: string, was: Node, is: Node, steps: readonly Step[], fresh: string): void {
    const [before, after] = [new Set(read(was)), new Set(read(is))];
    for (const word of before) if (!after.has(word)) this.deleted.add(word);
    for (const word of after) if (!before.has(word) && fresh.includes(word)) this.all.set(word, author);
    for (const step of steps) {
      const written = (step as { slice?: { content?: { textBetween(from: number, to: number, between: string): string; size: number } } }).slice?.content;
      if (written) for (const word of find(written.textBetween(0, written.size, "\n"))) if (!fresh.includes(word)) this.copied.add(word);
    }
  }

  offer(text: string): void {
    for (const word of find(text)) this.offered.add(word);
  }
}

export const find = (text: string): string[] => text.match(WORD) ?? [];

/** Every word of a document, as often as it stands there. */
export const read = (doc: Node): string[] => find(doc.textBetween(0, doc.content.size, "\n", "\n"));

/**
 * Words that can be told apart: each is written once in a story, in scripts and shapes that are easily
 * broken (emoji of two halves, right-to-left, letters with marks of their own).
 */
import type { Node } from "prosemirror-model";
import type { Step } from "prosemirror-transform";
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

  /** What one change by a person's own hand did to the words they saw. */
  changed(author: string, was: Node, is: Node, steps: readonly Step[], fresh: string): void {
    const [before, after] = [counted(read(was)), counted(read(is))];
    // Also one of two: somebody else may take the other out at the same time.
    for (const [word, times] of before) if ((after.get(word) ?? 0) < times) this.deleted.add(word);
    for (const word of after.keys()) if (!before.has(word) && fresh.includes(word)) this.all.set(word, author);
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

export function counted(words: readonly string[]): Map<string, number> {
  const count = new Map<string, number>();
  for (const word of words) count.set(word, (count.get(word) ?? 0) + 1);
  return count;
}

/** Every word of a document, as often as it stands there. */
export const read = (doc: Node): string[] => find(doc.textBetween(0, doc.content.size, "\n", "\n"));

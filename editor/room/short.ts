/** A line that says what a block holds, for lists to choose from. */
import type { Node } from "prosemirror-model";

/** One line of at most `most` characters, cut at a word. */
export function short(text: string, most: number): string {
  const line = text.split(/\s+/).filter(Boolean).join(" ");
  if (line.length <= most) return line;
  const cut = line.slice(0, most - 1);
  const word = cut.lastIndexOf(" ");
  return `${word > 0 ? cut.slice(0, word) : cut.replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** More words than a line shows. */
const ENOUGH = 300;

/** A block's first words: its paragraphs and lines apart, notes left out. */
export function wordsIn(node: Node): string {
  let words = "";
  node.descendants((child) => {
    if (words.length > ENOUGH) return false;
    if (child.isText) words += child.text;
    else if (child.isBlock || child.type.name === "hard_break") words += " ";
    return child.type.name !== "footnote";
  });
  return words;
}

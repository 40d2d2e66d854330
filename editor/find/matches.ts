/**
 * Where words stand in a document: one set of rules for the editor's own section and for the server,
 * which looks through the whole brief (document/engine.py).
 *
 * Found are words in running text, notes and captions, and in what blocks say of themselves (a table's
 * caption, an addressee, a text alternative). What somebody suggests to delete is not found: it is gone
 * for who reads on.
 */
import type { Node } from "prosemirror-model";

export interface Query {
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeWords: boolean;
}

export interface Match {
  /** In running text the words' positions; in an attribute the position of its node, twice. */
  readonly from: number;
  readonly to: number;
  /** "" in running text. */
  readonly attribute: string;
  /** Where in the run or the attribute the words begin and end, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The run of text or the attribute's value in which they stand. */
  readonly within: string;
  /** The nearest block with an id. */
  readonly block: string;
}

/** Longer than any name of an institution, short enough for a pattern. */
export const MOST_ASKED = 200;
/** Attributes in which people write, by node. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  table: ["caption"],
  callout: ["title"],
  recommendation: ["addressee"],
  figure: ["alt", "credit", "licence"],
};
/** What is typed on a keyboard also finds what typesetting made of it. */
const LOOSE: Readonly<Record<string, string>> = {
  "'": "['‘’ʼ]",
  '"': '["“”„]',
  "-": "[-‐‑]",
  " ": "[\\s\\u00a0\\u202f]+",
};

const literal = (text: string): string =>
  [...text.replace(/\s+/g, " ")].map((character) => LOOSE[character] ?? character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&")).join("");

/** The pattern of a query, or null when nothing is asked. Accents match composed and decomposed. */
export function pattern({ text, matchCase, wholeWords }: Query): RegExp | null {
  if (!text.trim() || text.length > MOST_ASKED || !text.isWellFormed()) return null;
  const forms = [...new Set([text, text.normalize("NFC"), text.normalize("NFD")])].map(literal);
  const either = `(?:${forms.join("|")})`;
  const source = wholeWords ? `(?<![\\p{L}\\p{N}\\p{M}_])${either}(?![\\p{L}\\p{N}\\p{M}_])` : either;
  return new RegExp(source, matchCase ? "gu" : "giu");
}

interface Run {
  readonly text: string;
  readonly position: number;
}

/** Stretches of text with nothing between them: a note, a citation or a struck word ends one. */
function runs(parent: Node, start: number): Run[] {
  const found: Run[] = [];
  let text = "";
  let position = start;
  const end = (): void => {
    if (text) found.push({ text, position });
    text = "";
  };
  parent.forEach((child, offset) => {
    if (!child.isText || child.marks.some(({ type }) => type.name === "deletion")) return end();
    if (!text) position = start + offset;
    text += child.text!;
  });
  end();
  return found;
}

/** Every match in reading order. */
export function matches(doc: Node, query: Query): Match[] {
  const wanted = pattern(query);
  const found: Match[] = [];
  if (!wanted) return found;
  const look = (within: string, block: string, make: (start: number, end: number) => Pick<Match, "from" | "to" | "attribute">): void => {
    for (const match of within.matchAll(wanted)) {
      const end = match.index + match[0].length;
      found.push({ ...make(match.index, end), start: match.index, end, within, block });
    }
  };
  const walk = (parent: Node, start: number, above: string): void => {
    const block = String(parent.attrs["id"] || above);
    for (const attribute of WRITTEN[parent.type.name] ?? []) {
      look(String(parent.attrs[attribute]), block, () => ({ from: start - 1, to: start - 1, attribute }));
    }
    if (parent.inlineContent) {
      for (const run of runs(parent, start)) {
        look(run.text, above && parent.isInline ? above : block, (from, to) => ({ from: run.position + from, to: run.position + to, attribute: "" }));
      }
    }
    parent.forEach((child, offset) => {
      if (!child.isText && !child.isLeaf && !struck(child)) walk(child, start + offset + 1, block);
    });
  };
  walk(doc, 0, "");
  // A note was looked through after the line it stands in.
  return found.sort((a, b) => a.from - b.from);
}

const struck = (node: Node): boolean => node.marks.some(({ type }) => type.name === "deletion");

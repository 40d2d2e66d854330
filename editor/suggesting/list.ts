/** The suggestions of a text in its order, each with the words it takes out and puts in. */
import type { Mark, Node } from "prosemirror-model";
import type { Was } from "../schema.ts";
import { edgeOf, idOf, isSettled, isSuggestion, wasOf } from "../suggestions.ts";

export interface Detail {
  readonly node: string;
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Pending {
  readonly id: string;
  /** Words that go when it is accepted, and words that come. */
  readonly before: string;
  readonly after: string;
  /** Changes of form: a mark's or a block's name, or an edge. */
  readonly forms: readonly string[];
  /** What a block says of itself (a caption, a kind), before and after. */
  readonly details: readonly Detail[];
  /** The words whose form changes. */
  readonly words: string;
  readonly from: number;
  readonly to: number;
  /** The textblock it begins in, or the block it is. */
  readonly block: string;
}

type Draft = { -readonly [Key in keyof Pending]: Pending[Key] } & { forms: string[]; details: Detail[] };

export const LONGEST = 300;
const SPACE = " ";

function add(text: string, more: string): string {
  if (text.length > LONGEST) return text;
  return text + more;
}

function formsOf(was: NonNullable<Was>): string[] {
  if ("edge" in was) return [was.edge];
  if ("attrs" in was) return [was.type ? "type" : `attr:${Object.keys(was.attrs).sort().join(",")}`];
  const names = (sign: string, marks: readonly unknown[]): string[] => marks.map((mark) => `${sign}${(mark as { type: string }).type}`);
  return [...names("+", was.added), ...names("-", was.removed)];
}

/** The attributes that a change of the same kind of block replaces. */
function detailsOf(was: Was, node: Node): Detail[] {
  if (!was || !("attrs" in was) || was.type) return [];
  const changed = Object.entries(was.attrs).filter(([name, before]) => before !== node.attrs[name]);
  return changed.map(([name, before]) => ({ node: node.type.name, name, before, after: node.attrs[name] }));
}

const textOf = (node: Node): string => (node.isText ? node.text! : node.textBetween(0, node.content.size, SPACE, "\u2026"));

function note(draft: Draft, mark: Mark, node: Node, position: number): void {
  draft.to = Math.max(draft.to, position + node.nodeSize);
  const gap = node.isBlock ? SPACE : "";
  if (mark.type.name === "deletion") draft.before = add(draft.before, gap + textOf(node));
  else if (mark.type.name === "insertion") draft.after = add(draft.after, gap + textOf(node));
  else {
    for (const form of wasOf(mark) ? formsOf(wasOf(mark)!) : []) if (!draft.forms.includes(form)) draft.forms.push(form);
    draft.details.push(...detailsOf(wasOf(mark), node));
    if (!["split", "join"].includes(edgeOf(mark))) draft.words = add(draft.words, gap + textOf(node));
    else if (edgeOf(mark) === "split") draft.after = add(draft.after, "¶");
    else draft.before = add(draft.before, "¶");
  }
}

const tidy = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text).trim();

/** Every suggestion of the text, first things first. */
export function pending(doc: Node): Pending[] {
  const drafts = new Map<string, Draft>();
  let block = "";
  doc.descendants((node, position) => {
    if (isSettled(node)) return false;
    if (node.isBlock) block = String(node.attrs["id"]);
    for (const mark of node.marks.filter(isSuggestion)) {
      const id = idOf(mark);
      let draft = drafts.get(id);
      if (!draft) drafts.set(id, (draft = { id, before: "", after: "", forms: [], details: [], words: "", from: position, to: position, block }));
      note(draft, mark, node, position);
    }
    return true;
  });
  return [...drafts.values()].map((draft) => ({ ...draft, before: tidy(draft.before), after: tidy(draft.after), words: tidy(draft.words) }));
}

/** The ids of the suggestions that touch a stretch of the text; at an empty one, of what the cursor stands at. */
export function touched(doc: Node, from: number, to: number): string[] {
  const found = new Set<string>();
  const end = from === to ? Math.min(doc.content.size, to + 1) : to;
  doc.nodesBetween(from === to ? Math.max(0, from - 1) : from, end, (node) => {
    if (isSettled(node)) return false;
    for (const mark of node.marks) if (isSuggestion(mark)) found.add(idOf(mark));
    return true;
  });
  return [...found];
}

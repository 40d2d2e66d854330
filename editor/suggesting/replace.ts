/** Replacing in a whole text as suggestions: one for every place, so that each is decided, and taken back, alone. */
import type { Node } from "prosemirror-model";
import { Transform } from "prosemirror-transform";
import { type Match, matches, type Query } from "../find/matches.ts";
import { replaceMatches, sameNode } from "../find/replace.ts";
import { newId } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import { goalOf, suggest } from "./suggest.ts";

export interface SuggestedPlaces {
  readonly tr: Transform;
  readonly count: number;
  /** The ids of the new suggestions. */
  readonly made: readonly string[];
  /** Places where it cannot be suggested truly; they stay as they are. */
  readonly left: number;
}

/** What several matches in one attribute come to is one change. */
function placesOf(found: readonly Match[]): Match[][] {
  const places: Match[][] = [];
  for (const match of found) {
    if (places.length && sameNode(match, places.at(-1)![0])) places.at(-1)!.push(match);
    else places.push([match]);
  }
  return places;
}

/** One's own suggestions are treated like those of others: what is made here can be rejected and leaves them whole. */
const NOBODYS = (): boolean => false;

/** The text with every match replaced as a suggestion of its own. */
export function suggestReplacing(doc: Node, query: Query, replacement: string): SuggestedPlaces {
  const found = matches(doc, query).filter(({ from, to, attribute }) => attribute || doc.textBetween(from, to) !== replacement);
  const tr = new Transform(doc);
  const made: string[] = [];
  let [count, left] = [0, 0];
  // The last first, so that none moves another.
  for (const place of placesOf(found).reverse()) {
    const edit = new Transform(tr.doc);
    replaceMatches(edit, place, replacement);
    const id = newId();
    try {
      for (const step of suggest(tr.doc, goalOf(edit.doc, edit.mapping), id, NOBODYS).tr.steps) tr.step(step);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      left += place.length;
      continue;
    }
    made.unshift(id);
    count += place.length;
  }
  return { tr, count, made, left };
}

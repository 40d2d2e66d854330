/**
 * Replacing what was found, and taking that back later, when others have written on: a place is put
 * back as it was unless somebody has changed it since.
 */
import { Fragment, type Node, Slice } from "prosemirror-model";
import { Mapping, StepMap, Transform } from "prosemirror-transform";
import { schema } from "../schema.ts";
import { matches, type Match, type Query } from "./matches.ts";

/** Longer than a paragraph; a replacement is words. */
export const MOST_PUT = 2000;

/** One place as it was before, and where it stands right after the replacement. */
export interface Undo {
  readonly from: number;
  readonly to: number;
  readonly attribute: string;
  /** What was put there: if it reads otherwise now, somebody has changed it. */
  readonly put: string;
  /** JSON of the words with their marks; of an attribute its value. */
  readonly was: unknown;
}

export const sameNode = (a: Match, b: Match | undefined): boolean => b !== undefined && a.attribute !== "" && a.attribute === b.attribute && a.from === b.from;

/** Replaces these matches (of `tr.doc`, in reading order), the last first, so that none moves another. */
export function replaceMatches(tr: Transform, found: readonly Match[], replacement: string): void {
  for (let at = found.length - 1; at >= 0; at--) {
    const match = found[at]!;
    if (!match.attribute) {
      const marks = tr.doc.resolve(match.from).nodeAfter?.marks ?? [];
      const content = replacement ? Fragment.from(schema.text(replacement, marks)) : Fragment.empty;
      tr.replace(match.from, match.to, new Slice(content, 0, 0));
      continue;
    }
    let value = match.within;
    let last = match;
    for (; ; at--) {
      value = value.slice(0, last.start) + replacement + value.slice(last.end);
      if (!sameNode(last, found[at - 1])) break;
      last = found[at - 1]!;
    }
    tr.setNodeAttribute(match.from, match.attribute, value);
  }
}

export interface Replaced {
  readonly tr: Transform;
  readonly count: number;
  readonly undo: Undo[];
}

/** The document with every match replaced, and what it takes to put each back. */
export function replaceAll(doc: Node, query: Query, replacement: string): Replaced {
  const found = matches(doc, query).filter(({ from, to, attribute }) => attribute || doc.textBetween(from, to) !== replacement);
  const tr = new Transform(doc);
  replaceMatches(tr, found, replacement);
  const undo = found.filter((match, at) => !sameNode(match, found[at - 1])).map(({ from, to, attribute }): Undo => {
    if (!attribute) {
      const now = tr.mapping.map(from, -1);
      return { from: now, to: now + replacement.length, attribute, put: replacement, was: doc.slice(from, to).toJSON() as unknown };
    }
    const now = tr.mapping.map(from, 1);
    return { from: now, to: now, attribute, put: String(tr.doc.nodeAt(now)!.attrs[attribute]), was: doc.nodeAt(from)!.attrs[attribute] };
  });
  return { tr, count: found.length, undo };
}

/** Puts back what still reads as it was put; `since` are the position maps of what came after. */
export function putBack(doc: Node, since: readonly (readonly number[])[], undo: readonly Undo[]): { tr: Transform; back: number } {
  const mapping = new Mapping(since.map((ranges) => new StepMap(ranges)));
  const tr = new Transform(doc);
  let back = 0;
  // From the end, and of two at one place (words that were taken away) the later first.
  for (const one of [...undo].reverse().sort((a, b) => b.from - a.from)) {
    const from = mapping.mapResult(one.from, one.attribute || one.put ? 1 : -1);
    const to = mapping.mapResult(one.to, -1);
    if (one.attribute) {
      const node = from.deletedAfter ? null : doc.nodeAt(from.pos);
      if (node?.attrs[one.attribute] !== one.put) continue;
      tr.setNodeAttribute(from.pos, one.attribute, one.was);
    } else {
      if (from.deletedAcross || to.deletedAcross || to.pos < from.pos || to.pos > doc.content.size) continue;
      if (doc.textBetween(from.pos, to.pos, "\ufffc", "\ufffc") !== one.put || !doc.resolve(from.pos).parent.inlineContent) continue;
      tr.replace(from.pos, to.pos, Slice.fromJSON(schema, one.was as never));
    }
    back += 1;
  }
  return { tr, back };
}

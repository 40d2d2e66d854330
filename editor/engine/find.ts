/** Finding and replacing on the server, over all sections of a brief: the editor's own rules, one document at a time. */
import { canonical } from "../canonical.ts";
import { checkDocument, MAX_DOCUMENT } from "../guard.ts";
import { matches, type Query } from "../find/matches.ts";
import { MOST_PUT, putBack, replaceAll, type Undo } from "../find/replace.ts";
import { Refusal } from "../refusal.ts";
import { suggestReplacing } from "../suggesting/replace.ts";
import type { Transform } from "prosemirror-transform";
import { build, parse, readStored } from "./read.ts";

/** Characters of text shown on each side of a match. */
const CONTEXT = 60;

const readQuery = (text: string): Query => {
  const { text: words, matchCase, wholeWords } = parse(text, 10_000) as Record<string, unknown>;
  return { text: String(words), matchCase: matchCase === true, wholeWords: wholeWords === true };
};

const stepsOf = (tr: Transform): string[] => tr.steps.map((step) => canonical(step.toJSON()));

/** `{count, shown: [{block, attribute, before, match, after}]}` with at most `most` shown. */
export function find(text: string, query: string, most: number): string {
  const found = matches(readStored(text), readQuery(query));
  const shown = found.slice(0, most).map(({ block, attribute, within, start, end }) => ({
    block,
    attribute,
    before: within.slice(Math.max(0, start - CONTEXT), start).toWellFormed(),
    match: within.slice(start, end),
    after: within.slice(end, end + CONTEXT).toWellFormed(),
  }));
  return JSON.stringify({ count: found.length, shown });
}

/** `{count, steps, undo}`; `undo` is for `restore` after the steps were stored. */
export function replace(text: string, query: string, replacement: string): string {
  if (replacement.length > MOST_PUT) throw new Refusal("size", "The replacement is too long.");
  return build(() => {
    const { tr, count, undo } = replaceAll(readStored(text), readQuery(query), replacement);
    checkDocument(tr.doc);
    return JSON.stringify({ count, steps: stepsOf(tr), undo });
  });
}

/** `{count, left, steps, undo}`: the same as suggestions, one a place; `undo` names them, `left` could not be suggested. */
export function suggestReplace(text: string, query: string, replacement: string): string {
  if (replacement.length > MOST_PUT) throw new Refusal("size", "The replacement is too long.");
  return build(() => {
    const { tr, count, left, made } = suggestReplacing(readStored(text), readQuery(query), replacement);
    checkDocument(tr.doc);
    return JSON.stringify({ count, left, steps: stepsOf(tr), undo: made.map((suggestion) => ({ suggestion })) });
  });
}

/** `{count, steps}`: what puts a replacement back in today's text, `since` the position maps after it. */
export function restore(text: string, since: string, undo: string): string {
  return build(() => {
    const { tr, back } = putBack(readStored(text), JSON.parse(since) as number[][], parse(undo, MAX_DOCUMENT) as Undo[]);
    checkDocument(tr.doc);
    return JSON.stringify({ count: back, steps: stepsOf(tr) });
  });
}

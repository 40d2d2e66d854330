/**
 * The document engine as Python sees it (document/engine.py). Every function takes and gives
 * strings and numbers only; `call` wraps the answer so that a refusal is an answer, not a crash:
 * "=" + result, "!" + JSON of a refusal, "?" when the document is not loaded.
 */
import type { Node } from "prosemirror-model";
import type { Step } from "prosemirror-transform";
import { canonical } from "../canonical.ts";
import { applyStep, checkDocument, MAX_DOCUMENT } from "../guard.ts";
import { documentHash } from "../hash.ts";
import { withIds } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import { schema, SCHEMA_VERSION } from "../schema.ts";
import { pending } from "../suggesting/list.ts";
import { undecide } from "../suggesting/undecide.ts";
import { type Decision, type Decisions, resolveSuggestions, SUGGESTIONS } from "../suggestions.ts";
import { Cache } from "./cache.ts";
import { type Edit, editSteps } from "./edit.ts";
import { find, replace, restore, suggestReplace } from "./find.ts";
import { build, parse, readAndRepair, readStep, readSteps, readStored } from "./read.ts";
import { specification } from "./spec.ts";

class NotLoaded extends Error {}

/** More sections than one process works on at once, and enough versions that a save that failed can be repeated. */
const cache = new Cache(64, 4);

const write = (doc: Node): string => canonical(doc.toJSON());

function cached(section: string, version: number): Node {
  const doc = cache.get(section, version);
  if (!doc) throw new NotLoaded();
  return doc;
}

function apply(section: string, version: number, text: string): string {
  let doc = cached(section, version);
  const steps = readSteps(text);
  const maps: string[] = [];
  for (const step of steps) {
    doc = applyStep(step, doc);
    maps.push(JSON.stringify((step.getMap() as unknown as { ranges: readonly number[] }).ranges));
  }
  checkDocument(doc);
  cache.set(section, version + steps.length, doc);
  return JSON.stringify({
    version: version + steps.length,
    steps: steps.map((step) => canonical(step.toJSON())),
    maps,
    hash: documentHash(doc),
  });
}

function load(section: string, version: number, text: string): string {
  const doc = readStored(text);
  cache.set(section, version, doc);
  return documentHash(doc);
}

function replay(text: string, steps: string): string {
  let doc = readStored(text);
  for (const step of JSON.parse(steps) as string[]) doc = applyStep(readStep(JSON.parse(step)), doc);
  checkDocument(doc);
  return write(doc);
}

function resolve(text: string, decisions: string): string {
  const doc = resolveSuggestions(readStored(text), parse(decisions, MAX_DOCUMENT) as Decisions);
  const repaired = withIds(doc);
  checkDocument(repaired);
  return write(repaired);
}

/** Ids of the suggestions in a document. */
function suggested(doc: Node): Set<string> {
  const ids = new Set<string>();
  doc.descendants((node) => {
    for (const mark of node.marks) if (SUGGESTIONS.has(mark.type.name)) ids.add(String(mark.attrs["id"]));
  });
  return ids;
}

function suggestsOnly(section: string, version: number, after: number, own: string): string {
  const [then, now] = [cached(section, version), cached(section, after)];
  const known = suggested(then);
  const mine = [...(JSON.parse(own) as string[]), ...[...suggested(now)].filter((id) => !known.has(id))];
  const without: Decisions = { "*": "reject" };
  // What others suggested must read the same, taken or not.
  const withOthers: Decisions = { ...Object.fromEntries(mine.map((id) => [id, "reject" as const])), "*": "accept" };
  const same = (decisions: Decisions): boolean =>
    documentHash(resolveSuggestions(then, decisions)) === documentHash(resolveSuggestions(now, decisions));
  return same(without) && same(withOthers) ? "1" : "0";
}

/** What is suggested in the text: JSON of `Pending[]` without positions. */
function suggestions(text: string): string {
  return JSON.stringify(pending(readStored(text)).map(({ from: _from, to: _to, ...each }) => each));
}

/** `{steps, ids}`: what brings back suggestions that were decided by these steps, with those that came since. */
function takeBack(before: string, decided: string, since: string, decision: string): string {
  const read = (steps: string): Step[] => (JSON.parse(steps) as unknown[]).map(readStep);
  const { steps, ids } = build(() => undecide(readStored(before), read(decided), read(since), decision as Decision));
  return JSON.stringify({ steps: steps.map((step) => canonical(step.toJSON())), ids });
}

function edit(text: string, edits: string): string {
  const steps = build(() => editSteps(readStored(text), parse(edits, MAX_DOCUMENT * 2) as Edit[]));
  return `[${steps.map((step) => canonical(step.toJSON())).join(",")}]`;
}

const functions: Record<string, (...args: never[]) => string> = {
  spec: () => JSON.stringify(specification()),
  version: () => String(SCHEMA_VERSION),
  empty: () => write(withIds(schema.topNodeType.createAndFill()!)),
  check: (text: string) => write(readAndRepair(text)),
  hash: (text: string) => documentHash(readStored(text)),
  hashAt: (section: string, version: number) => documentHash(cached(section, version)),
  load,
  apply,
  text: (section: string, version: number) => write(cached(section, version)),
  forget: (section: string, after: number) => {
    cache.forget(section, after);
    return "";
  },
  replay,
  resolve,
  suggestsOnly,
  suggestions,
  edit,
  find,
  replace,
  restore,
  suggestReplace,
  takeBack,
};

export function call(name: string, args: readonly unknown[]): string {
  try {
    return `=${functions[name]!(...(args as never[]))}`;
  } catch (error) {
    if (error instanceof NotLoaded) return "?";
    if (error instanceof Refusal) return `!${JSON.stringify({ code: error.code, sentence: error.message })}`;
    throw error;
  }
}

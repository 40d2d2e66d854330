/** From text to documents and steps, refusing what is not ours. */
import { Node } from "prosemirror-model";
import { Step } from "prosemirror-transform";
import { CONTROLS, MAX_DOCUMENT, MAX_STEPS, checkDocument, checkShape } from "../guard.ts";
import { withIds } from "../ids.ts";
import { Refusal } from "../refusal.ts";
import { schema } from "../schema.ts";

export const MAX_BATCH = 1_000_000;

export function parse(text: string, limit: number): unknown {
  if (text.length > limit) throw new Refusal("size", "This is too large to be taken at once.");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal("json", "This is not a document of ours.");
  }
  return value;
}

export function build<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("shape", `This is not a document of ours: ${(error as Error).message}`);
  }
}

/** What a converter may leave in a text and a database may not hold. */
function tidy(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return value.toWellFormed().replace(CONTROLS, "");
  if (Array.isArray(value) && depth < 300) return value.map((item) => tidy(item, depth + 1));
  if (value === null || typeof value !== "object" || depth >= 300 || Object.hasOwn(value, "__proto__")) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tidy(item, depth + 1)]));
}

/** A document made by the server: control characters go, ids are repaired, the rest must be sound. */
export function readAndRepair(text: string): Node {
  const value = tidy(parse(text, MAX_DOCUMENT));
  checkShape(value);
  const doc = build(() => withIds(Node.fromJSON(schema, value)));
  checkDocument(doc);
  return doc;
}

/** A document we stored ourselves: it must be sound as it stands. */
export function readStored(text: string): Node {
  const value = parse(text, MAX_DOCUMENT);
  checkShape(value);
  const doc = build(() => Node.fromJSON(schema, value));
  checkDocument(doc);
  return doc;
}

export const readStep = (value: unknown): Step => build(() => Step.fromJSON(schema, value));

export function readSteps(text: string): Step[] {
  const value = parse(text, MAX_BATCH);
  if (!Array.isArray(value) || value.length === 0) throw new Refusal("shape", "There is nothing to change.");
  if (value.length > MAX_STEPS) throw new Refusal("size", "This is too large to be taken at once.");
  checkShape(value);
  return value.map(readStep);
}

/** Opening a section: what the server has, and what this device kept of an earlier visit. */
import { Node } from "prosemirror-model";
import { Step } from "prosemirror-transform";
import { schema, SCHEMA_VERSION } from "../schema.ts";
import type { Pending } from "./connection.ts";
import type { Keeping, Kept } from "./keep.ts";
import type { Wire } from "./wire.ts";

export interface Opened {
  readonly base: Node;
  readonly version: number;
  readonly client: string;
  /** Steps typed on an earlier visit that the server may not have. */
  readonly steps: readonly Step[];
  readonly pending: Pending | null;
  /** Words of an earlier visit, to be offered back should its steps fit nowhere. */
  readonly words: string;
  /** The record those words are in; gone once they are kept otherwise. */
  readonly record: string;
}

export class CannotOpen extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

/** The page that was closed, as it goes on; without steps where they cannot be read any more. */
export function takenUp(kept: Kept): Opened | null {
  try {
    const base = Node.fromJSON(schema, JSON.parse(kept.base));
    const steps = kept.steps.map((json) => Step.fromJSON(schema, json));
    return { base, version: kept.version, client: kept.client, steps, pending: kept.pending, words: kept.words, record: kept.client };
  } catch {
    return null;
  }
}

async function fetchDocument(wire: Wire, url: string): Promise<{ base: Node; version: number }> {
  const { status, body } = await wire.get(url);
  if (status !== 200) throw new CannotOpen(status, String(body["error"] ?? ""));
  if (body["doc"] === undefined || !Number.isInteger(body["version"])) throw new TypeError("no answer of ours");
  if (Number(body["schema"]) !== SCHEMA_VERSION) throw new CannotOpen(410, "");
  const doc = body["doc"];
  const json: unknown = typeof doc === "string" ? JSON.parse(doc) : doc;
  return { base: Node.fromJSON(schema, json), version: Number(body["version"]) };
}

export async function openSection(wire: Wire, url: string, keeper: Keeping | null): Promise<Opened> {
  const kept = (await keeper?.takeUp().catch(() => null)) ?? null;
  const again = kept && takenUp(kept);
  // What was kept goes on from where it was: the loop fetches what was missed since.
  if (again && again.steps.length) return again;
  const client = crypto.randomUUID();
  await keeper?.claim(client);
  const fresh = await fetchDocument(wire, url);
  return { ...fresh, client, steps: [], pending: null, words: kept?.words ?? "", record: kept?.client ?? "" };
}

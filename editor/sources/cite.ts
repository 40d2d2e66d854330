/** Citing: what is typed after `@`, and putting a source into the text. */
import type { Node } from "prosemirror-model";
import { type Command, NodeSelection } from "prosemirror-state";
import { insertCitation } from "../commands/insert.ts";
import type { CitationItem } from "../schema.ts";

/** Sources of one citation; as the schema has it. */
const MOST = 30;

export interface Wanted {
  readonly words: string;
  readonly locator: string;
}

/** `unodc 2024, p. 12` asks for the words before the comma, with the place after it. */
export function wanted(query: string): Wanted {
  const comma = query.indexOf(",");
  if (comma < 1) return { words: query.trim(), locator: "" };
  return { words: query.slice(0, comma).trim(), locator: query.slice(comma + 1).trim() };
}

export const itemOf = (source: string, locator = ""): CitationItem => ({ source, locator, prefix: "", suffix: "" });

/** Cites sources where the cursor is; a citation that is selected gets them as further ones. */
export function citeSources(given: readonly CitationItem[]): Command {
  return (state, dispatch) => {
    const { selection } = state;
    if (!(selection instanceof NodeSelection) || selection.node.type.name !== "citation") {
      return given.length > 0 && insertCitation(given.slice(0, MOST))(state, dispatch);
    }
    const items = selection.node.attrs["items"] as readonly CitationItem[];
    const further = given.filter(({ source }) => !items.some((item) => item.source === source));
    if (!further.length || items.length + further.length > MOST) return false;
    const { from, to, node } = selection;
    const tr = state.tr.replaceWith(from, to, node.type.create({ items: [...items, ...further] }, null, node.marks));
    dispatch?.(tr.setSelection(NodeSelection.create(tr.doc, from)));
    return true;
  };
}

export const citeSource = (source: string, locator = ""): Command => citeSources([itemOf(source, locator)]);

/** How often the text cites each source, in reading order. */
export function citedIn(doc: Node): Map<string, number> {
  const counts = new Map<string, number>();
  doc.descendants((node) => {
    if (node.type.name !== "citation") return;
    for (const { source } of node.attrs["items"] as readonly CitationItem[]) counts.set(source, (counts.get(source) ?? 0) + 1);
  });
  return counts;
}

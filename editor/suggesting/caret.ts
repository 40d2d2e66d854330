/** Where the cursor stands in a text with suggestions, told from where it would stand in the changed text. */
import type { Node } from "prosemirror-model";
import { NodeSelection, Selection, TextSelection } from "prosemirror-state";
import { edgeOf } from "../suggestions.ts";
import { same, type Token, tokensOf } from "./tokens.ts";

interface Found {
  readonly node: Node;
  readonly position: number;
}

/** A block or a note by its id. */
function byId(doc: Node, id: string): Found | null {
  let found: Found | null = null;
  doc.descendants((node, position) => {
    if (!found && node.attrs["id"] === id && node.inlineContent) found = { node, position };
    return found === null;
  });
  return found;
}

const deletions = (token: Token): string => token.node.marks.filter((mark) => mark.type.name === "deletion").map((mark) => String(mark.attrs["id"])).join();
const alike = (a: Token, b: Token): boolean => same(a, b) && deletions(a) === deletions(b);

/** The place in `doc` after as many of the block's words as stand before `position` in the text it came to. */
function place(doc: Node, goal: Node, position: number, renamed: ReadonlyMap<string, string>): number | null {
  const $goal = goal.resolve(position);
  if (!$goal.parent.inlineContent) return null;
  const id = String($goal.parent.attrs["id"]);
  const block = byId(doc, renamed.get(id) ?? id) ?? byId(doc, id);
  if (!block) return null;
  const wanted = tokensOf([{ node: $goal.parent, position: $goal.start() - 1 }]).filter((token) => token.at < position);
  let at = block.position + 1;
  let next = 0;
  let here: Found | null = block;
  while (here) {
    for (const token of tokensOf([here])) {
      if (next === wanted.length) return at;
      if (!alike(token, wanted[next]!)) continue;
      next++;
      at = token.at + token.size;
    }
    here = next < wanted.length ? runOn(doc, here) : null;
  }
  return at;
}

/** The next block, when its beginning is to go. */
function runOn(doc: Node, { node, position }: Found): Found | null {
  const after = position + node.nodeSize;
  const following = doc.nodeAt(after);
  return following?.inlineContent && following.marks.some((mark) => edgeOf(mark) === "join") ? { node: following, position: after } : null;
}

export function selectionIn(doc: Node, goal: Node, selection: Selection, renamed: ReadonlyMap<string, string>): Selection {
  const { anchor, head } = selection;
  const at = place(doc, goal, head, renamed);
  if (at === null) return Selection.near(doc.resolve(Math.min(head, doc.content.size)));
  if (selection instanceof NodeSelection) {
    const node = doc.nodeAt(at);
    return node && NodeSelection.isSelectable(node) && node.type === selection.node.type ? NodeSelection.create(doc, at) : Selection.near(doc.resolve(at));
  }
  const from = selection.empty ? at : (place(doc, goal, anchor, renamed) ?? at);
  return TextSelection.between(doc.resolve(from), doc.resolve(at));
}

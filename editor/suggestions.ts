/**
 * Suggestions, resolved: an accepted insertion stays, an accepted deletion goes; rejected, the
 * other way round. A modification only points at a change of form, so its mark is all that goes.
 */
import { Fragment, type Node } from "prosemirror-model";

export type Decision = "accept" | "reject";
/** Suggestion id → decision; "*" answers for every id that is not named. */
export type Decisions = Readonly<Record<string, Decision>>;

export const SUGGESTIONS = new Set(["insertion", "deletion", "modification"]);

function decide(decisions: Decisions, id: string): Decision | undefined {
  if (Object.hasOwn(decisions, id)) return decisions[id];
  return Object.hasOwn(decisions, "*") ? decisions["*"] : undefined;
}

const goes = (mark: string, decision: Decision): boolean =>
  (mark === "insertion" && decision === "reject") || (mark === "deletion" && decision === "accept");

/** The node without what the decisions remove, or null when nothing of it is left. */
function resolveNode(node: Node, decisions: Decisions): Node | null {
  let marks = node.marks;
  for (const mark of node.marks) {
    if (!SUGGESTIONS.has(mark.type.name)) continue;
    const decision = decide(decisions, String(mark.attrs.id));
    if (!decision) continue;
    if (goes(mark.type.name, decision)) return null;
    marks = mark.removeFromSet(marks);
  }
  if (node.isLeaf) return marks === node.marks ? node : node.mark(marks);
  const content = resolveChildren(node, decisions);
  if (content.size === 0 && node.content.size > 0 && !node.isTextblock && !node.inlineContent) return null;
  if (node.type.validContent(content)) return node.type.create(node.attrs, content, marks);
  return node.type.createAndFill(node.attrs, content, marks);
}

function resolveChildren(node: Node, decisions: Decisions): Fragment {
  const content: Node[] = [];
  node.forEach((child) => {
    const kept = resolveNode(child, decisions);
    if (kept) content.push(kept);
  });
  return Fragment.fromArray(content);
}

/** The document with the decisions carried out; ids that it lost or never had are the caller's. */
export function resolveSuggestions(doc: Node, decisions: Decisions): Node {
  const content = resolveChildren(doc, decisions);
  const paragraph = doc.type.schema.nodes["paragraph"]!;
  return doc.type.create(doc.attrs, content.size ? content : Fragment.from(paragraph.create()));
}

/**
 * Suggestions, resolved. An accepted insertion stays, an accepted deletion goes; rejected, the other way
 * round. A modification says in `was` what it changed (schema.ts): rejecting takes that back, accepting
 * leaves it; for an edge that goes away (`join`, `unwrap`) it is the other way round.
 */
import { Fragment, type Mark, type Node, type NodeType } from "prosemirror-model";
import { Refusal } from "./refusal.ts";
import type { Was } from "./schema.ts";

export type Decision = "accept" | "reject";
/** Suggestion id → decision; "*" answers for every id that is not named. */
export type Decisions = Readonly<Record<string, Decision>>;

export const SUGGESTIONS = new Set(["insertion", "deletion", "modification"]);

export const isSuggestion = (mark: Mark): boolean => SUGGESTIONS.has(mark.type.name);
export const idOf = (mark: Mark): string => String(mark.attrs["id"]);
export const wasOf = (mark: Mark): Was => (mark.type.name === "modification" ? (mark.attrs["was"] as Was) : null);
export const edgeOf = (mark: Mark): string => {
  const was = wasOf(mark);
  return was && "edge" in was ? was.edge : "";
};

export function decide(decisions: Decisions, id: string): Decision | undefined {
  if (Object.hasOwn(decisions, id)) return decisions[id];
  return Object.hasOwn(decisions, "*") ? decisions["*"] : undefined;
}

const clean = new WeakMap<Node, boolean>();

/** Whether nothing in the node is suggested. Remembered per node object: documents share most of theirs. */
export function isSettled(node: Node): boolean {
  let settled = clean.get(node);
  if (settled === undefined) {
    settled = !node.marks.some(isSuggestion) && node.children.every(isSettled);
    if (!node.isText) clean.set(node, settled);
  }
  return settled;
}

/** A node on its way: what it holds is put together only when all that runs together has. */
interface Piece {
  readonly type: NodeType;
  readonly attrs: Node["attrs"];
  readonly marks: readonly Mark[];
  /** Inline content, or the pieces of a container. */
  readonly inline: Fragment | null;
  readonly pieces: readonly Piece[];
  /** It was not empty before, so it goes when it is now. */
  readonly full: boolean;
  /** Its start goes away: what it holds runs on from what stands before it. */
  readonly joins: boolean;
  /** The node itself, when nothing in it was to be decided. */
  readonly same: Node | null;
}

interface Verdict {
  gone: boolean;
  joins: boolean;
  unwraps: boolean;
  type: NodeType;
  attrs: Node["attrs"];
  marks: readonly Mark[];
}

function takeBack(verdict: Verdict, was: NonNullable<Was>): void {
  const { schema } = verdict.type;
  if ("added" in was) {
    for (const json of was.added) verdict.marks = schema.markFromJSON(json).removeFromSet(verdict.marks);
    for (const json of was.removed) verdict.marks = schema.markFromJSON(json).addToSet(verdict.marks);
  } else if ("attrs" in was) {
    if (was.type) verdict.type = schema.nodes[was.type]!;
    const { id } = verdict.attrs;
    verdict.attrs = was.type ? { ...was.attrs, id } : { ...verdict.attrs, ...was.attrs };
  }
}

function judge(node: Node, decisions: Decisions): Verdict {
  const verdict: Verdict = { gone: false, joins: false, unwraps: false, type: node.type, attrs: node.attrs, marks: node.marks };
  // The last change is taken back first: a block may have changed its form more than once.
  for (const mark of [...node.marks].reverse()) {
    if (!isSuggestion(mark)) continue;
    const decision = decide(decisions, idOf(mark));
    if (!decision) continue;
    verdict.marks = mark.removeFromSet(verdict.marks);
    const rejected = decision === "reject";
    const was = wasOf(mark);
    const edge = edgeOf(mark);
    if (mark.type.name === "insertion") verdict.gone ||= rejected;
    else if (mark.type.name === "deletion") verdict.gone ||= !rejected;
    else if (edge === "split" || edge === "join") verdict.joins ||= rejected === (edge === "split");
    else if (edge === "wrap" || edge === "unwrap") verdict.unwraps ||= rejected === (edge === "wrap");
    else if (was && rejected) takeBack(verdict, was);
  }
  return verdict;
}

/** Suggestions on a block whose frame goes belong to what it held. */
const inherit = (marks: readonly Mark[], from: readonly Mark[]): readonly Mark[] =>
  from.reduce((set, mark) => (mark.type.name === "insertion" || mark.type.name === "deletion" ? mark.addToSet(set) : set), marks);

function handDown(inline: Fragment, from: readonly Mark[]): Fragment {
  const nodes: Node[] = [];
  inline.forEach((node) => nodes.push(node.mark(inherit(node.marks, from))));
  return Fragment.fromArray(nodes);
}

function inlineOf(node: Node, decisions: Decisions): Fragment {
  const nodes: Node[] = [];
  node.forEach((child) => {
    const verdict = judge(child, decisions);
    if (verdict.gone) return;
    if (child.isLeaf) nodes.push(verdict.marks === child.marks ? child : child.mark(verdict.marks));
    else nodes.push(verdict.type.create(verdict.attrs, inlineOf(child, decisions), verdict.marks));
  });
  return Fragment.fromArray(nodes);
}

const untouched = (node: Node): Piece => {
  const { type, attrs, marks } = node;
  const inline = node.isTextblock || node.isLeaf ? node.content : null;
  return { type, attrs, marks, inline, pieces: [], full: node.content.size > 0, joins: false, same: node };
};
const within = (piece: Piece): readonly Piece[] => (piece.same ? piece.same.children.map(untouched) : piece.pieces);
const marked = (piece: Piece, from: readonly Mark[]): Piece => {
  const marks = inherit(piece.marks, from);
  return marks === piece.marks ? piece : { ...piece, marks, pieces: within(piece), same: null };
};

/** What the node comes to: nothing, itself, or what it held. */
function piecesOf(node: Node, decisions: Decisions): Piece[] {
  if (isSettled(node)) return [untouched(node)];
  const { gone, joins, unwraps, type, attrs, marks } = judge(node, decisions);
  if (gone) return [];
  const inline = node.isTextblock || node.isLeaf ? inlineOf(node, decisions) : null;
  const pieces = inline ? [] : joined(node.children.flatMap((child) => piecesOf(child, decisions)));
  const stays = !unwraps || inline !== null || type.name === "list_item";
  if (stays) return [{ type, attrs, marks, inline, pieces, full: node.content.size > 0, joins, same: null }];
  // A list's items go with it, those too that somebody else put in meanwhile.
  const free = pieces.flatMap((piece) => (piece.type.name === "list_item" ? within(piece).map((each) => marked(each, piece.marks)) : [piece]));
  return free.map((piece, index) => ({ ...marked(piece, marks), joins: index === 0 ? joins || piece.joins : piece.joins }));
}

function runsOn(before: Piece | undefined, piece: Piece): before is Piece {
  if (!before || !piece.joins) return false;
  return piece.inline ? before.inline !== null && !before.type.isLeaf : before.inline === null && before.type === piece.type;
}

/** Neighbours of which the second has lost its start become one; inside them the same happens again. */
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const before = out.at(-1);
    if (!runsOn(before, piece)) {
      out.push(piece);
      continue;
    }
    const whole = { ...before, full: before.full || piece.full, same: null };
    out[out.length - 1] = piece.inline
      ? { ...whole, inline: before.inline!.append(handDown(piece.inline, piece.marks)) }
      : { ...whole, pieces: joined([...within(before), ...within(piece).map((each) => marked(each, piece.marks))]) };
  }
  return out;
}

const STUCK = "This suggestion cannot be decided before another one beside it.";

function build(piece: Piece): Node | null {
  const { type, attrs, marks } = piece;
  if (piece.same) return piece.same;
  if (type.isLeaf) return type.create(attrs, null, marks);
  const content = piece.inline ?? Fragment.fromArray(piece.pieces.map(build).filter((node) => node !== null));
  if (content.size === 0 && piece.full && !type.isTextblock) return null;
  if (type.validContent(content)) return type.create(attrs, content, marks);
  const filled = type.createAndFill(attrs, content, marks);
  if (!filled) throw new Refusal("suggestion", STUCK);
  return filled;
}

/** The document with the decisions carried out; ids that it lost or never had are the caller's. */
export function resolveSuggestions(doc: Node, decisions: Decisions): Node {
  const content = Fragment.fromArray(resolveBlocks(doc.children, decisions));
  const paragraph = doc.type.schema.nodes["paragraph"]!;
  if (content.size && !doc.type.validContent(content)) throw new Refusal("suggestion", STUCK);
  return doc.type.create(doc.attrs, content.size ? content : paragraph.create());
}

/** The same for neighbouring blocks of a document. */
export function resolveBlocks(blocks: readonly Node[], decisions: Decisions): Node[] {
  return joined(blocks.flatMap((block) => piecesOf(block, decisions)))
    .map(build)
    .filter((node) => node !== null);
}

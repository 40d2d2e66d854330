/** Suggestions inside text: words put in, words taken out, their looks, and paragraphs split and joined. */
import { Fragment, type Mark, type Node, Slice } from "prosemirror-model";
import { AddMarkStep, AddNodeMarkStep, RemoveMarkStep, RemoveNodeMarkStep, ReplaceStep, type Transform } from "prosemirror-transform";
import { schema } from "../schema.ts";
import { wasOf } from "../suggestions.ts";
import type { Brush } from "./brush.ts";
import { align, type Alignment, type Change, type Entry, plain, type Token, tokensOf } from "./tokens.ts";

/** Inline nodes without any suggestion, inside notes too. */
export function unsuggested(node: Node): Node {
  const bare = node.mark(plain(node.marks));
  return node.isLeaf ? bare : bare.copy(Fragment.fromArray(node.children.map(unsuggested)));
}

const difference = (a: readonly Mark[], b: readonly Mark[]): Mark[] => a.filter((mark) => !mark.isInSet(b));

function addMark(tr: Transform, { node, at, size }: Token, mark: Mark, end = at + size): void {
  tr.step(node.isLeaf ? new AddMarkStep(at, end, mark) : new AddNodeMarkStep(at, mark));
}
function removeMark(tr: Transform, { node, at, size }: Token, mark: Mark, end = at + size): void {
  tr.step(node.isLeaf ? new RemoveMarkStep(at, end, mark) : new RemoveNodeMarkStep(at, mark));
}

/** Neighbouring tokens of which the same is to be said; a note stands alone. */
function runs<T>(items: readonly T[], tokenOf: (item: T) => Token, alike: (a: T, b: T) => boolean): T[][] {
  const out: T[][] = [];
  for (const item of items) {
    const last = out.at(-1)?.at(-1);
    const joins = last !== undefined && tokenOf(last).at + tokenOf(last).size === tokenOf(item).at && tokenOf(last).node.isLeaf && tokenOf(item).node.isLeaf;
    if (joins && alike(last, item)) out.at(-1)!.push(item);
    else out.push([item]);
  }
  return out;
}

type Kept = Extract<Change, { kind: "keep" }>;

/** Other looks of the same words: what they were before is told from one's own earlier changes. */
function looks(brush: Brush, run: readonly Kept[], direct: boolean): void {
  const [first, last] = [run[0]!.old, run.at(-1)!.old];
  const end = last.at + last.size;
  const [old, now] = [plain(first.node.marks), plain(run[0]!.now.node.marks)];
  const [gone, come] = [difference(old, now), difference(now, old)];
  const own = direct || brush.ownInsertion(first.node.marks) ? [] : brush.ownForms(first.node.marks, "added");
  let before = old;
  for (const mark of [...own].reverse()) {
    const was = wasOf(mark) as { added: unknown[]; removed: unknown[] };
    for (const json of was.added) before = schema.markFromJSON(json).removeFromSet(before);
    for (const json of was.removed) before = schema.markFromJSON(json).addToSet(before);
  }
  const [removed, added] = [difference(before, now), difference(now, before)];
  const silent = direct || brush.ownInsertion(first.node.marks) || (!removed.length && !added.length);
  const was = { added: added.map((mark) => mark.toJSON() as unknown), removed: removed.map((mark) => mark.toJSON() as unknown) };
  brush.ops.push((tr) => {
    for (const mark of gone) removeMark(tr, first, mark, end);
    for (const mark of come) addMark(tr, first, mark, end);
    for (const mark of own) removeMark(tr, first, mark, end);
    if (!silent) addMark(tr, first, brush.modification(was, own[0] && String(own[0].attrs["id"])), end);
  });
}

const looksOther = ({ old, now }: Kept): boolean => !sameSet(plain(old.node.marks), plain(now.node.marks));
const sameSet = (a: readonly Mark[], b: readonly Mark[]): boolean => a.length === b.length && a.every((mark) => mark.isInSet(b));

function keep(brush: Brush, kept: readonly Kept[], direct: boolean): void {
  const alike = (a: Kept, b: Kept): boolean => a.old.node === b.old.node && sameSet(a.now.node.marks, b.now.node.marks);
  for (const run of runs(kept, ({ old }) => old, alike)) {
    const { old, now } = run[0]!;
    if (looksOther(run[0]!)) looks(brush, run, direct);
    // A note keeps its place while its words change.
    if (!old.node.isLeaf && !old.node.content.eq(now.node.content)) {
      planText(brush, [{ node: old.node, position: old.at }], [{ node: now.node, position: now.at }], direct || !!brush.ownInsertion(old.node.marks));
    }
  }
}

function remove(brush: Brush, tokens: readonly Token[], direct: boolean): void {
  const fate = ({ node }: Token): string => (direct || brush.ownInsertion(node.marks) ? "gone" : brush.ownDeletion(node.marks) ? "left" : "marked");
  for (const run of runs(tokens, (token) => token, (a, b) => fate(a) === fate(b))) {
    const [first, last] = [run[0]!, run.at(-1)!];
    const end = last.at + last.size;
    if (fate(first) === "gone") brush.ops.push((tr) => tr.step(new ReplaceStep(first.at, end, Slice.empty)));
    else if (fate(first) === "marked") brush.ops.push((tr) => addMark(tr, first, brush.deletion, end));
  }
}

/** A block's beginning goes: really, when it was one's own, else as a suggestion. */
function join(brush: Brush, { node, at }: Token, direct: boolean): void {
  if (direct || brush.ownInsertion(node.marks) || brush.ownEdge(node.marks, "split")) {
    brush.ops.push((tr) => tr.step(new ReplaceStep(at - 1, at + 1, Slice.empty)));
  } else if (!brush.ownEdge(node.marks, "join")) {
    brush.ops.push((tr) => tr.step(new AddNodeMarkStep(at, brush.modification({ edge: "join" }))));
  }
}

/** What stood in a block of one's own that is gone becomes words of one's own. */
function claim(brush: Brush, kept: readonly Kept[], mark: Mark): void {
  const orphans = kept.map(({ old }) => old).filter(({ node }) => !brush.ownInsertion(node.marks));
  for (const run of runs(orphans, (token) => token, () => true)) {
    const [first, last] = [run[0]!, run.at(-1)!];
    brush.ops.push((tr) => addMark(tr, first, mark, last.at + last.size));
  }
}

/** Words, or blocks open at both sides, put in at one place of the block `inside`. */
function insert(brush: Brush, at: number, inside: Node, tokens: readonly Token[], direct: boolean): void {
  const blocks: { block: Node; content: Node[] }[] = [{ block: inside, content: [] }];
  for (const { node, text, edge } of tokens) {
    const { content } = blocks.at(-1)!;
    if (edge) blocks.push({ block: node, content: [] });
    else {
      const bare = text ? schema.text(text, plain(node.marks)) : brush.fresh(unsuggested(node));
      content.push(direct ? bare : bare.mark(brush.insertion.addToSet(bare.marks)));
    }
  }
  const nodes = blocks.map(({ block, content }, index) => {
    if (index === 0) return block.copy(Fragment.fromArray(content));
    const shell = brush.fresh(block.copy(Fragment.empty));
    const marks = direct ? block.marks : brush.modification({ edge: "split" }).addToSet(block.marks);
    return shell.type.create(shell.attrs, Fragment.fromArray(content), marks);
  });
  const slice = nodes.length === 1 ? new Slice(nodes[0]!.content, 0, 0) : new Slice(Fragment.fromArray(nodes), 1, 1);
  brush.ops.push((tr) => tr.step(new ReplaceStep(at, at, slice)));
}

export const alignment = (brush: Brush, old: readonly Entry[], now: readonly Entry[]): Alignment =>
  align(tokensOf(old), tokensOf(now), brush.hull, brush.several);

/** Neighbouring textblocks that became others: split, joined, and written in. */
export function planText(brush: Brush, old: readonly Entry[], now: readonly Entry[], direct: boolean, found?: Alignment): void {
  const { changes } = found ?? alignment(brush, old, now);
  let at = old[0]!.position + 1;
  let inside = old[0]!.node;
  let orphaned: Mark | undefined;
  for (let i = 0; i < changes.length; ) {
    const { kind } = changes[i]!;
    let end = i;
    while (end < changes.length && changes[end]!.kind === kind && !isEdge(changes[end]!)) end++;
    if (kind === "insert") {
      while (end < changes.length && changes[end]!.kind === "insert") end++;
      insert(brush, at, inside, changes.slice(i, end).map((change) => (change as Extract<Change, { kind: "insert" }>).now), direct);
      i = end;
      continue;
    }
    if (end === i) {
      const edge = (changes[i] as Exclude<Change, { kind: "insert" }>).old;
      orphaned = kind === "delete" && !direct ? brush.ownInsertion(edge.node.marks) : undefined;
      if (kind === "delete") join(brush, edge, direct);
      [at, inside] = [edge.at + 1, edge.node];
      i++;
      continue;
    }
    const part = changes.slice(i, end) as Exclude<Change, { kind: "insert" }>[];
    if (kind === "keep") {
      if (orphaned) claim(brush, part as Kept[], orphaned);
      keep(brush, part as Kept[], direct);
    }
    if (kind === "delete") remove(brush, part.map((change) => change.old), direct);
    at = part.at(-1)!.old.at + part.at(-1)!.old.size;
    i = end;
  }
}

const isEdge = (change: Change): boolean => (change.kind === "insert" ? change.now : change.old).edge;

/** Lists and frames around blocks: put around, taken off, an item split or run together with the one before. */
import { Fragment, type Mark, type Node, Slice } from "prosemirror-model";
import { AddNodeMarkStep, ReplaceAroundStep, ReplaceStep } from "prosemirror-transform";
import type { Brush } from "./brush.ts";
import { alignment, planText } from "./inline.ts";
import type { Entry, Token } from "./tokens.ts";

const isList = (node: Node): boolean => node.firstChild?.type.name === "list_item";
const sameNodes = (a: readonly Node[], b: readonly Node[]): boolean => a.length === b.length && a.every((node, index) => node.eq(b[index]!));

export function entriesOf({ node, position }: Entry): Entry[] {
  const entries: Entry[] = [];
  node.forEach((child, offset) => entries.push({ node: child, position: position + 1 + offset }));
  return entries;
}

const marked = (node: Node, mark: Mark, content: Node[] = []): Node => node.type.create(node.attrs, Fragment.fromArray(content), mark.addToSet(node.marks));

/** Blocks that stand as they were, now in a list or another frame. */
export function wraps(brush: Brush, old: readonly Entry[], now: readonly Node[]): boolean {
  const frame = now[0];
  if (now.length !== 1 || !old.length || !frame || frame.isTextblock || frame.isLeaf) return false;
  const mark = brush.modification({ edge: "wrap" });
  const blocks = old.map(({ node }) => node);
  const [from, to] = [old[0]!.position, old.at(-1)!.position + old.at(-1)!.node.nodeSize];
  if (sameNodes(frame.children, blocks)) {
    const shell = marked(brush.fresh(frame.copy(Fragment.empty)), mark);
    brush.ops.push((tr) => tr.step(new ReplaceAroundStep(from, to, from, to, new Slice(Fragment.from(shell), 0, 0), 1)));
    return true;
  }
  if (!isList(frame) || !sameNodes(frame.children.flatMap((item) => item.children), blocks) || frame.childCount !== blocks.length) return false;
  const items = frame.children.map((item) => marked(brush.fresh(item.copy(Fragment.empty)), mark));
  const list = marked(brush.fresh(frame.copy(Fragment.empty)), mark, [items[0]!]);
  brush.ops.push((tr) => {
    tr.step(new ReplaceAroundStep(from, to, from, to, new Slice(Fragment.from(list), 0, 0), 2));
    for (let i = blocks.length - 1; i > 0; i--) {
      const at = old[i]!.position + 2;
      tr.step(new ReplaceStep(at, at, new Slice(Fragment.fromArray([items[0]!.copy(Fragment.empty), items[i]!]), 1, 1)));
    }
  });
  return true;
}

/** Some or all of a list's items, or of a frame's blocks, that stand free now. */
export function unwraps(brush: Brush, old: readonly Entry[], now: readonly Node[]): boolean {
  const frame = old[0];
  if (old.length !== 1 || !frame || frame.node.isTextblock || frame.node.isLeaf) return false;
  const { node } = frame;
  const mark = brush.modification({ edge: "unwrap" });
  if (!isList(node)) {
    if (!sameNodes(node.children, now)) return false;
    brush.ops.push((tr) => tr.step(new AddNodeMarkStep(frame.position, mark)));
    return true;
  }
  const leads = now[0]?.type === node.type && prefix(node, now[0]);
  const first = leads ? now[0]!.childCount : 0;
  const rest = leads ? now.slice(1) : now;
  const trails = rest.length > 0 && rest.at(-1)!.type === node.type && suffix(node, rest.at(-1)!, first);
  const last = trails ? node.childCount - rest.at(-1)!.childCount : node.childCount;
  const free = trails ? rest.slice(0, -1) : rest;
  const items = entriesOf(frame).slice(first, last);
  if (!items.length || !sameNodes(items.flatMap((item) => item.node.children), free)) return false;
  liftOut(brush, frame, items, trails ? items.at(-1)!.position + items.at(-1)!.node.nodeSize : null, first > 0, mark);
  return true;
}

const prefix = (list: Node, part: Node): boolean => part.childCount < list.childCount && sameNodes(part.children, list.children.slice(0, part.childCount));
const suffix = (list: Node, part: Node, after: number): boolean =>
  part.childCount < list.childCount - after && sameNodes(part.children, list.children.slice(list.childCount - part.childCount));

/** The list is split around what leaves it; what leaves it loses its frames when that is accepted. */
function liftOut(brush: Brush, { node, position }: Entry, items: readonly Entry[], end: number | null, splits: boolean, mark: Mark): void {
  const split = brush.modification({ edge: "split" });
  const shell = node.copy(Fragment.empty);
  const open = (...marks: Mark[]): Node => {
    const part = brush.fresh(shell);
    return part.type.create(part.attrs, null, marks.reduce((set, each) => each.addToSet(set), shell.marks));
  };
  const start = items[0]!.position;
  if (splits) {
    const middle = open(split, mark);
    brush.ops.push((tr) => tr.step(new ReplaceStep(start, start, new Slice(Fragment.fromArray([shell, middle]), 1, 1))));
  } else brush.ops.push((tr) => tr.step(new AddNodeMarkStep(position, mark)));
  for (const item of items) brush.ops.push((tr) => tr.step(new AddNodeMarkStep(item.position, mark)));
  if (end === null) return;
  const tail = open(split);
  brush.ops.push((tr) => tr.step(new ReplaceStep(end, end, new Slice(Fragment.fromArray([shell, tail]), 1, 1))));
}

const edgeAmong = (tokens: readonly Token[]): boolean => tokens.some((token) => token.edge);

/** One item that became two: its blocks stand as they were, but for the one in which it was split. */
export function splitsItem(brush: Brush, old: Entry, now: readonly Node[], direct: boolean): boolean {
  const [first, second] = now;
  if (now.length !== 2 || !first || !second || old.node.type.name !== "list_item" || second.type !== old.node.type) return false;
  const at = first.childCount - 1;
  const [was, head, tail] = [old.node.maybeChild(at), first.child(at), second.child(0)];
  if (!was?.isTextblock || !head.isTextblock || !tail.isTextblock) return false;
  const stands = sameNodes(first.children.slice(0, at), old.node.children.slice(0, at)) && sameNodes(second.children.slice(1), old.node.children.slice(at + 1));
  if (!stands || (tail.content.size === 0 && second.childCount === 1)) return false;
  const place = entriesOf(old)[at]!;
  const { changes } = alignment(brush, [place], [
    { node: head, position: 0 },
    { node: tail, position: head.nodeSize },
  ]);
  const come = changes.filter((change) => change.kind === "insert").map((change) => change.now);
  if (come.length !== 1 || !edgeAmong(come)) return false;
  const until = changes.slice(0, changes.findIndex((change) => change.kind === "insert"));
  const before = until.at(-1);
  const position = before && before.kind !== "insert" ? before.old.at + before.old.size : place.position + 1;
  for (const change of changes) if (change.kind === "delete") planText(brush, [place], [{ node: head, position: 0 }], direct, { changes: [change], tail: 0 });
  const mark = brush.modification({ edge: "split" });
  const dress = (node: Node, content: Node[]): Node => {
    const bare = brush.fresh(node.copy(Fragment.empty));
    return bare.type.create(bare.attrs, Fragment.fromArray(content), direct ? node.marks : mark.addToSet(node.marks));
  };
  const opened = old.node.copy(Fragment.from(was.copy(Fragment.empty)));
  const slice = new Slice(Fragment.fromArray([opened, dress(second, [dress(tail, [])])]), 2, 2);
  brush.ops.push((tr) => tr.step(new ReplaceStep(position, position, slice)));
  return true;
}

/** Neighbouring items that became one: those between go, the last one's words run on from the first's. */
export function joinsItems(brush: Brush, old: readonly Entry[], now: Node, direct: boolean): boolean {
  const [first, last] = [old[0]!, old.at(-1)!];
  if (old.length < 2 || first.node.type.name !== "list_item" || last.node.type !== first.node.type || direct) return false;
  const [head, tail] = [entriesOf(first), entriesOf(last)];
  const whole = sameNodes(now.children, [...first.node.children, ...last.node.children]) && old.length === 2;
  const at = head.length - 1;
  const merged = now.maybeChild(at);
  const runs = [head[at]!, tail[0]!];
  const stands =
    !whole &&
    merged?.isTextblock === true &&
    runs.every(({ node }) => node.isTextblock) &&
    sameNodes(now.children.slice(0, at), first.node.children.slice(0, -1)) &&
    sameNodes(now.children.slice(at + 1), last.node.children.slice(1));
  if (!whole && !stands) return false;
  if (old.some(({ node }) => brush.ownInsertion(node.marks) || brush.ownEdge(node.marks, "split"))) return false;
  // First what stands first: positions are kept right by carrying out the last first.
  const found = whole ? null : alignment(brush, runs, [{ node: merged!, position: 0 }]);
  if (found && (found.tail === 0 || found.changes.some((change) => change.kind === "insert" && change.now.edge))) return false;
  const edge = found?.changes.findIndex((change) => change.kind !== "insert" && change.old.edge) ?? -1;
  if (found) planText(brush, [runs[0]!], [{ node: merged!, position: 0 }], direct, { ...found, changes: found.changes.slice(0, edge) });
  for (const { node, position } of old.slice(1, -1)) {
    if (!brush.ownDeletion(node.marks)) brush.ops.push((tr) => tr.step(new AddNodeMarkStep(position, brush.deletion)));
  }
  const mark = brush.modification({ edge: "join" });
  brush.ops.push((tr) => tr.step(new AddNodeMarkStep(last.position, mark)));
  if (found) planText(brush, [runs[1]!], [{ node: merged!, position: 0 }], direct, { ...found, changes: found.changes.slice(edge) });
  return true;
}

/**
 * Decisions carried out as steps, as small as may be, so that whoever types beside them and every comment's
 * place follow. What small steps cannot do is made up for by replacing the blocks that still differ.
 */
import { Fragment, type Mark, type Node, Slice } from "prosemirror-model";
import { AddMarkStep, RemoveMarkStep, RemoveNodeMarkStep, ReplaceAroundStep, ReplaceStep, type Step, Transform } from "prosemirror-transform";
import { schema } from "../schema.ts";
import { decide, type Decisions, edgeOf, idOf, isSettled, isSuggestion, resolveSuggestions, wasOf } from "../suggestions.ts";

interface Spot {
  readonly node: Node;
  readonly position: number;
  readonly marks: readonly Mark[];
}

/** Where something is decided, first things first; `inside` says whether to look into a node that was found. */
function spots(doc: Node, decisions: Decisions, inside: (spot: Spot) => boolean): Spot[] {
  const found: Spot[] = [];
  doc.descendants((node, position) => {
    if (isSettled(node)) return false;
    const marks = node.marks.filter((mark) => isSuggestion(mark) && decide(decisions, idOf(mark)) !== undefined);
    if (!marks.length) return true;
    const spot = { node, position, marks };
    const go = inside(spot);
    found.push(spot);
    return go;
  });
  return found;
}

/** A step that does not fit is left out: the comparison at the end makes up for it. */
function attempt(tr: Transform, step: Step): boolean {
  try {
    return !tr.maybeStep(step).failed;
  } catch {
    return false;
  }
}

const goesBy = (decisions: Decisions) => (mark: Mark): boolean =>
  mark.type.name === (decide(decisions, idOf(mark)) === "accept" ? "deletion" : "insertion");

function removals(tr: Transform, decisions: Decisions): void {
  const goes = goesBy(decisions);
  const gone = spots(tr.doc, decisions, (spot) => !spot.marks.some(goes)).filter((spot) => spot.marks.some(goes));
  const ranges: { from: number; to: number }[] = [];
  for (const { node, position } of gone) {
    const last = ranges.at(-1);
    if (last && last.to === position) last.to += node.nodeSize;
    else ranges.push({ from: position, to: position + node.nodeSize });
  }
  for (const { from, to } of ranges.reverse()) attempt(tr, new ReplaceStep(from, to, Slice.empty));
}

function inlineForm(tr: Transform, { node, position, marks }: Spot, decisions: Decisions): void {
  const end = position + node.nodeSize;
  for (const mark of [...marks].reverse()) {
    if (node.isLeaf) attempt(tr, new RemoveMarkStep(position, end, mark));
    else attempt(tr, new RemoveNodeMarkStep(position, mark));
    const was = wasOf(mark);
    if (!was || !("added" in was) || decide(decisions, idOf(mark)) !== "reject" || !node.isLeaf) continue;
    for (const json of was.added) attempt(tr, new RemoveMarkStep(position, end, schema.markFromJSON(json)));
    for (const json of was.removed) attempt(tr, new AddMarkStep(position, end, schema.markFromJSON(json)));
  }
}

function blockForm(tr: Transform, { position, marks }: Spot, decisions: Decisions): void {
  for (const mark of [...marks].reverse()) {
    attempt(tr, new RemoveNodeMarkStep(position, mark));
    const was = wasOf(mark);
    const node = tr.doc.nodeAt(position)!;
    if (!was || !("attrs" in was) || decide(decisions, idOf(mark)) !== "reject") continue;
    const attrs = { ...(was.type ? {} : node.attrs), ...was.attrs, id: node.attrs["id"] as string };
    try {
      tr.setNodeMarkup(position, was.type ? schema.nodes[was.type] : undefined, attrs, node.marks);
    } catch {
      // The comparison at the end makes up for it.
    }
  }
}

const decidesEdge = (marks: readonly Mark[], decisions: Decisions, edges: Readonly<Record<string, string>>): boolean =>
  marks.some((mark) => edgeOf(mark) !== "" && edges[edgeOf(mark)] === decide(decisions, idOf(mark)));
const JOINING = { split: "reject", join: "accept" };
const UNWRAPPING = { wrap: "reject", unwrap: "accept" };

/** A list of which every item gives way, too: first the items run together, then both frames go. */
function unwrap(tr: Transform, position: number, decisions: Decisions): void {
  const node = tr.doc.nodeAt(position)!;
  const inner = node.children.every((child) => decidesEdge(child.marks, decisions, UNWRAPPING));
  let end = position + node.nodeSize;
  if (inner) {
    let boundary = end - 1;
    for (const child of [...node.children].reverse()) {
      boundary -= child.nodeSize;
      if (boundary > position + 1 && attempt(tr, new ReplaceStep(boundary - 1, boundary + 1, Slice.empty))) end -= 2;
    }
  }
  const depth = inner ? 2 : 1;
  attempt(tr, new ReplaceAroundStep(position, end, position + depth, end - depth, Slice.empty, 0));
}

/** How many frames end and begin anew at this place and would run together. */
function depthOf(doc: Node, position: number, joins: ReadonlySet<Node>): number {
  const $position = doc.resolve(position);
  let [before, after]: (Node | null)[] = [$position.nodeBefore, $position.nodeAfter];
  let depth = 0;
  while (before && after && joins.has(after)) {
    if (after.isTextblock ? !before.isTextblock : before.type !== after.type) break;
    depth++;
    [before, after] = [before.isTextblock ? null : before.lastChild, after.isTextblock ? null : after.firstChild];
  }
  return depth;
}

function edges(tr: Transform, decisions: Decisions): void {
  const found = spots(tr.doc, decisions, () => true).filter(({ node }) => node.isBlock);
  const joining = found.filter(({ marks }) => decidesEdge(marks, decisions, JOINING));
  const nodes = new Set(joining.map(({ node }) => node));
  const plan = joining.map((spot) => ({ ...spot, depth: depthOf(tr.doc, spot.position, nodes) }));
  const unwrapping = found.filter(({ marks }) => decidesEdge(marks, decisions, UNWRAPPING));
  const all = [...plan, ...unwrapping.map((spot) => ({ ...spot, depth: 0 }))].sort((a, b) => b.position - a.position);
  for (const spot of all) {
    if (spot.depth > 0) attempt(tr, new ReplaceStep(spot.position - spot.depth, spot.position + spot.depth, Slice.empty));
    else if (unwrapping.some(({ node }) => node === spot.node)) unwrap(tr, spot.position, decisions);
  }
}

function forms(tr: Transform, decisions: Decisions): void {
  for (const spot of spots(tr.doc, decisions, () => true).reverse()) {
    if (spot.node.isInline) inlineForm(tr, spot, decisions);
    else blockForm(tr, spot, decisions);
  }
}

/** Which of the first list's blocks stand unchanged in the second, as pairs of places in order. */
function unchanged(old: readonly Node[], goal: readonly Node[]): [number, number][] {
  const places = new Map<string, number>(old.map((node, index) => [String(node.attrs["id"]), index]));
  const pairs: [number, number][] = [];
  goal.forEach((node, index) => {
    const place = places.get(String(node.attrs["id"]));
    if (place !== undefined && place > (pairs.at(-1)?.[0] ?? -1) && old[place]!.eq(node)) pairs.push([place, index]);
  });
  return pairs;
}

/** Replaces the blocks that differ from the goal's, from the last to the first. */
export function makeUp(tr: Transform, goal: Node): void {
  const [old, wanted] = [tr.doc.children, goal.children];
  const starts = [0];
  for (const node of old) starts.push(starts.at(-1)! + node.nodeSize);
  const pairs: [number, number][] = [[-1, -1], ...unchanged(old, wanted), [old.length, wanted.length]];
  for (let i = pairs.length - 1; i > 0; i--) {
    const [[a, b], [c, d]] = [pairs[i - 1]!, pairs[i]!];
    const blocks = wanted.slice(b + 1, d);
    if (a + 1 === c && !blocks.length) continue;
    tr.step(new ReplaceStep(starts[a + 1]!, starts[c]!, new Slice(Fragment.fromArray(blocks), 0, 0)));
  }
}

/** More steps than this are a burden for every reader; then blocks are replaced, and their words count as the decider's. */
const MOST_STEPS = 4000;

/** Carries the decisions out on the transform's document. Raises a Refusal when they cannot be. */
export function resolveInSteps(tr: Transform, decisions: Decisions): void {
  const goal = resolveSuggestions(tr.doc, decisions);
  const fine = new Transform(tr.doc);
  removals(fine, decisions);
  // Edges before forms: what runs together is known by the marks that say so.
  edges(fine, decisions);
  forms(fine, decisions);
  if (fine.steps.length <= MOST_STEPS) fine.steps.forEach((step) => tr.step(step));
  if (!tr.doc.eq(goal)) makeUp(tr, goal);
}

/**
 * What a rebase does to words. Steps typed here are put on top of what others did meanwhile, and that
 * may lose words without anybody having meant it: a paragraph typed in was deleted elsewhere, or a
 * paragraph deleted here was typed in elsewhere. Both are found by following every character through
 * the rebase, so that they can be shown and nothing is dropped in silence.
 */
import type { Node } from "prosemirror-model";
import type { Transaction } from "prosemirror-state";
import { type Mappable, Mapping, type Step, type StepMap } from "prosemirror-transform";
import { findBlock } from "../offsets.ts";

/** One block that was changed on both sides. */
export interface Both {
  readonly id: string;
  /** As it stood here: words, and JSON of the block. */
  readonly mine: string;
  readonly mineBlock: unknown;
  /** As the others left it; null when they deleted it. */
  readonly theirs: string | null;
  readonly theirsBlock: unknown;
  /** The text does not hold it all: one side deleted what the other was at work on. */
  readonly parted: boolean;
}

export interface Found {
  /** Typed here, in a place that others deleted. */
  readonly mine: string;
  /** Written by others in what was deleted here, before it was seen. */
  readonly theirs: string;
  readonly both: readonly Both[];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The ranges that the maps wrote, in the document after the last of them. */
function written(maps: readonly StepMap[]): Range[] {
  const ranges: Range[] = [];
  maps.forEach((map, index) => {
    const rest = new Mapping(maps.slice(index + 1));
    map.forEach((_oldFrom, _oldTo, newFrom, newTo) => {
      const [from, to] = [rest.map(newFrom, -1), rest.map(newTo, 1)];
      if (from <= to) ranges.push({ from, to });
    });
  });
  return merged(ranges);
}

function merged(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => a.from - b.from || a.to - b.to);
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of sorted) {
    const last = found.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}

interface Lost {
  readonly words: string;
  /** The blocks they stood in. */
  readonly blocks: ReadonlySet<string>;
}

/** What the mapping deletes of the ranges, block by block: of a block that is gone, all it said. */
function lost(doc: Node, ranges: readonly Range[], mapping: Mappable, now: Node): Lost {
  const words = new Map<Node, string>();
  for (const { from, to } of ranges) {
    doc.nodesBetween(from, to, (node, position, parent) => {
      if (!node.isText) return;
      const block = blockAt(doc, position) ?? parent ?? doc;
      let text = "";
      for (let at = Math.max(from, position); at < Math.min(to, position + node.text!.length); at++) {
        if (mapping.mapResult(at, 1).deletedAfter) text += node.text!.charAt(at - position);
      }
      if (text) words.set(block, (words.get(block) ?? "") + text);
    });
  }
  const id = (block: Node): string => String(block.attrs["id"]);
  const told = [...words].map(([block, text]) => (findBlock(now, id(block)) ? text : block.textContent).trim());
  return { words: told.filter(Boolean).join("\n\n"), blocks: new Set([...words.keys()].map(id)) };
}

function blockAt(doc: Node, position: number): Node | null {
  const $position = doc.resolve(position);
  for (let depth = $position.depth; depth > 0; depth--) if ($position.node(depth).isTextblock) return $position.node(depth);
  return null;
}

/** Blocks of text at the ranges, by id: those that the ranges touch, or a deletion in them left behind. */
function touched(doc: Node, ranges: readonly Range[]): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const { from, to } of ranges) {
    doc.nodesBetween(Math.max(0, from - 1), Math.min(doc.content.size, to + 1), (node, position) => {
      if (!node.isTextblock || typeof node.attrs["id"] !== "string") return;
      if (position < to && position + node.nodeSize > from) found.set(node.attrs["id"], node);
    });
  }
  return found;
}

function bothChanged(tr: Transaction, mine: readonly Range[], base: Node, theirs: readonly Range[], gone: readonly Lost[]): Both[] {
  const changedThere = touched(base, theirs);
  const before = tr.docs[0]!;
  const found: Both[] = [];
  for (const [id, block] of touched(before, mine)) {
    const there = findBlock(base, id)?.node ?? null;
    if (there && (!changedThere.has(id) || there.eq(block))) continue;
    if (!block.textContent.trim()) continue;
    const [mineBlock, theirsBlock] = [block.toJSON() as unknown, (there?.toJSON() ?? null) as unknown];
    const parted = !there || gone.some(({ blocks }) => blocks.has(id));
    found.push({ id, mine: block.textContent, mineBlock, theirs: there && there.textContent, theirsBlock, parted });
  }
  return found;
}

/**
 * What came of a rebase, or null when every word has its place. `transaction` is that of
 * `receive` (rebase.ts): `takenBack` steps without which nothing of `unsettled` is there, `received` steps of
 * others, then what became of `unsettled`.
 */
export function reconcile(transaction: Transaction, unsettled: readonly Step[], takenBack: number, received: number): Found | null {
  const before = transaction.docs[0];
  if (!before) return null;
  const maps = transaction.mapping.maps;
  const seen = takenBack + received;
  const base = transaction.docs[seen] ?? transaction.doc;
  const mine = written(unsettled.map((step) => step.getMap()));
  const theirs = written(maps.slice(takenBack, seen));
  const mineLost = lost(before, mine, transaction.mapping, transaction.doc);
  const theirsLost = lost(base, theirs, new Mapping(maps.slice(seen)), transaction.doc);
  const found = { mine: mineLost.words, theirs: theirsLost.words, both: bothChanged(transaction, mine, base, theirs, [mineLost, theirsLost]) };
  return found.mine || found.theirs || found.both.length ? found : null;
}

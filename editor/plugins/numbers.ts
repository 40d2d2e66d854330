/**
 * The soft underline of numbers without claim or citation. Only blocks that changed are looked at again: in a long
 * section a keystroke costs one paragraph.
 */
import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { bareNumbers } from "../claims/numbers.ts";

interface Shown {
  readonly on: boolean;
  readonly marks: DecorationSet;
}

export const numbersKey = new PluginKey<Shown>("numbers");
const KEPT = "countersign.numbers";

/** Headings repeat what the text says, and tables are looked at as a whole (the Checks panel). */
const looksAt = (name: string): boolean => name !== "heading" && name !== "table";

function ofBlock(block: Node, position: number): Decoration[] {
  return bareNumbers(block).map(({ start, end }) => Decoration.inline(position + 1 + start, position + 1 + end, { class: "bare-number" }));
}

function ofRange(doc: Node, from: number, to: number, each: (block: Node, position: number) => void): void {
  doc.nodesBetween(from, to, (node, position) => {
    if (!looksAt(node.type.name)) return false;
    if (node.isTextblock) each(node, position);
    return !node.isTextblock;
  });
}

function draw(doc: Node): DecorationSet {
  const marks: Decoration[] = [];
  ofRange(doc, 0, doc.content.size, (block, position) => void marks.push(...ofBlock(block, position)));
  return DecorationSet.create(doc, marks);
}

/** What the steps of a transaction touched, as ranges of its document; marks change nothing's place, but count. */
function touched(tr: Transaction): [number, number][] {
  const ranges: [number, number][] = [];
  tr.steps.forEach((step, index) => {
    const rest = tr.mapping.slice(index + 1);
    const add = (from: number, to: number): void => void ranges.push([rest.map(from, -1), rest.map(to, 1)]);
    let moved = false;
    step.getMap().forEach((_from, _to, from, to) => {
      moved = true;
      add(from, to);
    });
    const { from, to } = step as unknown as { from?: number; to?: number };
    if (!moved && typeof from === "number" && typeof to === "number") add(from, to);
  });
  return ranges;
}

function follow(tr: Transaction, marks: DecorationSet): DecorationSet {
  let drawn = marks.map(tr.mapping, tr.doc);
  const seen = new Set<number>();
  const { size } = tr.doc.content;
  for (const [from, to] of touched(tr)) {
    ofRange(tr.doc, Math.max(0, Math.min(from, size) - 1), Math.min(to + 1, size), (block, position) => {
      if (seen.has(position)) return;
      seen.add(position);
      drawn = drawn.remove(drawn.find(position, position + block.nodeSize)).add(tr.doc, ofBlock(block, position));
    });
  }
  return drawn;
}

function wanted(): boolean {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

/** Switches the underline on or off on this device; the transaction shows it. */
export function switchNumbers(tr: Transaction, on: boolean): Transaction {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // Without storage it holds for this page.
  }
  return tr.setMeta(numbersKey, on).setMeta("addToHistory", false);
}

export const numbers = (): Plugin<Shown> =>
  new Plugin<Shown>({
    key: numbersKey,
    state: {
      init: (_config, { doc }) => {
        const on = wanted();
        return { on, marks: on ? draw(doc) : DecorationSet.empty };
      },
      apply(tr, shown) {
        const on = tr.getMeta(numbersKey) as boolean | undefined;
        if (on !== undefined) return { on, marks: on ? draw(tr.doc) : DecorationSet.empty };
        return tr.docChanged && shown.on ? { on: true, marks: follow(tr, shown.marks) } : shown;
      },
    },
    props: { decorations: (state) => numbersKey.getState(state)?.marks },
  });

/** Text as a row of tokens: characters, inline nodes, and the beginnings of blocks. */
import type { Mark, Node } from "prosemirror-model";
import { carriesId } from "../ids.ts";
import { isSuggestion } from "../suggestions.ts";

export interface Entry {
  readonly node: Node;
  readonly position: number;
}

export interface Token {
  /** The inline node it is, or is a character of; at an edge, the block that begins. */
  readonly node: Node;
  /** One character (a whole one: never half a pair), or "". */
  readonly text: string;
  readonly edge: boolean;
  /** Where it begins in its document. */
  readonly at: number;
  readonly size: number;
}

export const plain = (marks: readonly Mark[]): readonly Mark[] => marks.filter((mark) => !isSuggestion(mark));

function inlineTokens(block: Node, start: number, into: Token[]): void {
  block.forEach((node, offset) => {
    const at = start + offset;
    if (!node.isText) {
      into.push({ node, text: "", edge: false, at, size: node.nodeSize });
      return;
    }
    let place = at;
    for (const text of node.text!) {
      into.push({ node, text, edge: false, at: place, size: text.length });
      place += text.length;
    }
  });
}

/** The tokens of neighbouring textblocks; every block but the first begins with an edge. */
export function tokensOf(blocks: readonly Entry[]): Token[] {
  const tokens: Token[] = [];
  blocks.forEach(({ node, position }, index) => {
    if (index > 0) tokens.push({ node, text: "", edge: true, at: position, size: 1 });
    inlineTokens(node, position + 1, tokens);
  });
  return tokens;
}

/** Whether two tokens are the same thing, whatever their marks. */
export function same(a: Token, b: Token): boolean {
  if (a.edge || b.edge) return a.edge && b.edge && a.node.attrs["id"] === b.node.attrs["id"];
  if (a.text || b.text) return a.text === b.text;
  if (a.node.type !== b.node.type) return false;
  return carriesId(a.node) ? a.node.attrs["id"] === b.node.attrs["id"] : a.node.hasMarkup(a.node.type, b.node.attrs, a.node.marks) && a.node.content.eq(b.node.content);
}

export type Change =
  | { readonly kind: "keep"; readonly old: Token; readonly now: Token }
  | { readonly kind: "delete"; readonly old: Token }
  | { readonly kind: "insert"; readonly now: Token };

/** Between which positions of the old document something changed, for texts in which the same letter stands twice. */
export interface Hull {
  readonly from: number;
  readonly to: number;
}

/** A change of many places in one paragraph is aligned by words up to this size of table. */
const MOST_CELLS = 1_000_000;

/** Tokens in groups: words, and everything else alone. */
function words(tokens: readonly Token[]): Token[][] {
  const groups: Token[][] = [];
  let open = false;
  for (const token of tokens) {
    const letter = /[\p{L}\p{N}\p{M}]/u.test(token.text);
    if (letter && open) groups.at(-1)!.push(token);
    else groups.push([token]);
    open = letter;
  }
  return groups;
}

const alike = (a: readonly Token[], b: readonly Token[]): boolean => a.length === b.length && a.every((token, index) => same(token, b[index]!));

/** The longest row of words that both have, as keep, delete and insert in order. */
function byWords(old: readonly Token[], now: readonly Token[]): Change[] {
  const [a, b] = [words(old), words(now)];
  if (a.length * b.length > MOST_CELLS) return replaced(old, now);
  const wide = b.length + 1;
  const table = new Uint32Array((a.length + 1) * wide);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const across = Math.max(table[(i + 1) * wide + j]!, table[i * wide + j + 1]!);
      table[i * wide + j] = alike(a[i]!, b[j]!) ? Math.max(across, table[(i + 1) * wide + j + 1]! + a[i]!.length) : across;
    }
  }
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const here = table[i * wide + j]!;
    if (i < a.length && j < b.length && alike(a[i]!, b[j]!) && here === table[(i + 1) * wide + j + 1]! + a[i]!.length) {
      a[i]!.forEach((token, index) => changes.push({ kind: "keep", old: token, now: b[j]![index]! }));
      i++;
      j++;
    } else if (i < a.length && (j === b.length || table[(i + 1) * wide + j] === here)) {
      a[i++]!.forEach((token) => changes.push({ kind: "delete", old: token }));
    } else b[j++]!.forEach((token) => changes.push({ kind: "insert", now: token }));
  }
  return changes;
}

const replaced = (old: readonly Token[], now: readonly Token[]): Change[] => [
  ...old.map((token): Change => ({ kind: "delete", old: token })),
  ...now.map((token): Change => ({ kind: "insert", now: token })),
];

export interface Alignment {
  readonly changes: readonly Change[];
  /** How many tokens both end with. */
  readonly tail: number;
}

/** How one row of tokens became the other. `several`: in more than one place. */
export function align(old: readonly Token[], now: readonly Token[], hull: Hull | null, several: boolean): Alignment {
  const least = Math.min(old.length, now.length);
  let head = 0;
  while (head < least && same(old[head]!, now[head]!) && (!hull || old[head]!.at < hull.from)) head++;
  let tail = 0;
  while (tail < least - head && same(old.at(-1 - tail)!, now.at(-1 - tail)!) && (!hull || old.at(-1 - tail)!.at >= hull.to)) tail++;
  const keep = (count: number, a: number, b: number): Change[] =>
    Array.from({ length: count }, (_, index): Change => ({ kind: "keep", old: old[a + index]!, now: now[b + index]! }));
  const [oldMiddle, nowMiddle] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  const middle = several && oldMiddle.length && nowMiddle.length ? byWords(oldMiddle, nowMiddle) : replaced(oldMiddle, nowMiddle);
  return { changes: [...keep(head, 0, 0), ...middle, ...keep(tail, old.length - tail, now.length - tail)], tail };
}

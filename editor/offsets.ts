/**
 * Two ways of counting (document/tree.py): a position counts through the whole document; an offset
 * counts inside one block's plain text, where a footnote or any other inline node is one character.
 */
import type { Node } from "prosemirror-model";

/** The character an inline node stands for in a block's plain text. */
export const OBJECT = "\ufffc";

export interface Place {
  readonly node: Node;
  /** Just before the node. */
  readonly position: number;
}

export function findBlock(doc: Node, id: string): Place | null {
  let found: Place | null = null;
  doc.descendants((node, position) => {
    if (!found && node.isBlock && node.attrs.id === id) found = { node, position };
    return found === null && !node.isTextblock;
  });
  return found;
}

/** The position of `offset` in a textblock that starts at `start`; null when it lies outside. */
export function positionAt(block: Node, start: number, offset: number): number | null {
  let left = offset;
  let position = start + 1;
  if (left < 0) return null;
  for (let i = 0; i < block.childCount; i++) {
    const child = block.child(i);
    if (left === 0) return position;
    if (child.isText && left <= child.text!.length) return position + left;
    left -= child.isText ? child.text!.length : 1;
    position += child.nodeSize;
  }
  return left === 0 ? position : null;
}

/** The offset of a position inside a textblock that starts at `start`. */
export function offsetAt(block: Node, start: number, position: number): number {
  let offset = 0;
  let at = start + 1;
  for (let i = 0; i < block.childCount && at < position; i++) {
    const child = block.child(i);
    offset += child.isText ? Math.min(child.text!.length, position - at) : 1;
    at += child.nodeSize;
  }
  return offset;
}

export function blockText(block: Node): string {
  let text = "";
  block.forEach((child) => (text += child.isText ? child.text! : OBJECT));
  return text;
}

/**
 * A document's hash: SHA-256 over the digests of its top-level blocks, each taken once per node
 * object. After a keystroke one block is written and hashed, the others are remembered, so both
 * sides can afford it with every step (DECISIONS, *Steps*).
 */
import type { Node } from "prosemirror-model";
import { canonical } from "./canonical.ts";
import { digest, hex, utf8 } from "./sha256.ts";

const known = new WeakMap<Node, Int32Array>();

function blockDigest(block: Node): Int32Array {
  let words = known.get(block);
  if (!words) {
    words = digest(utf8(canonical(block.toJSON())));
    known.set(block, words);
  }
  return words;
}

/** 64 hexadecimal digits, the same in the browser and on the server for the same document. */
export function documentHash(doc: Node): string {
  const bytes = new Uint8Array(doc.childCount * 32);
  const view = new DataView(bytes.buffer);
  doc.forEach((block, _offset, index) => {
    blockDigest(block).forEach((word, i) => view.setInt32(index * 32 + i * 4, word));
  });
  return hex(digest(bytes));
}

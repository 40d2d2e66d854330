/** Ids of blocks and footnotes: twelve characters, given once, never reused for another block. */
import { Fragment, type Node } from "prosemirror-model";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

export function newId(): string {
  let id = "";
  for (let i = 0; i < 12; i++) id += ALPHABET[Math.floor(Math.random() * ALPHABET.length)];
  return id;
}

export const carriesId = (node: Node): boolean => node.type.spec.attrs?.["id"] !== undefined;

/** The ids inside one node, itself first. Remembered per node object: documents share most of theirs. */
const inside = new WeakMap<Node, readonly string[]>();

export function idsInside(node: Node): readonly string[] {
  let ids = inside.get(node);
  if (!ids) {
    const found: string[] = carriesId(node) ? [String(node.attrs.id)] : [];
    node.forEach((child) => {
      if (!child.isText) found.push(...idsInside(child));
    });
    ids = found;
    inside.set(node, ids);
  }
  return ids;
}

/** The first id that is missing ("") or stands twice; null when all is well. */
export function faultyId(doc: Node): string | null {
  const seen = new Set<string>();
  for (let i = 0; i < doc.childCount; i++) {
    for (const id of idsInside(doc.child(i))) {
      if (id === "" || seen.has(id)) return id;
      seen.add(id);
    }
  }
  return null;
}

/** The same node with an id of its own for every block: the first of two twins keeps theirs. */
export function withIds(node: Node, seen: Set<string> = new Set()): Node {
  let attrs = node.attrs;
  if (carriesId(node)) {
    let id = String(attrs.id);
    while (id === "" || seen.has(id)) id = newId();
    seen.add(id);
    if (id !== attrs.id) attrs = { ...attrs, id };
  }
  if (node.isText) return node;
  const content: Node[] = [];
  node.forEach((child) => content.push(withIds(child, seen)));
  return node.type.create(attrs, Fragment.fromArray(content), node.marks);
}

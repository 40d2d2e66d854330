/** Documents in tests read like documents: `doc(h(1, "Title"), p("Some ", strong("words")))`. */
import { Fragment, type Mark, type Node } from "prosemirror-model";
import { schema } from "../schema.ts";

export type Child = string | Node | Node[];

let count = 0;
const nextId = (): string => `b${(count++).toString(36).padStart(11, "0")}`;

const flatten = (children: Child[]): Node[] =>
  children.flatMap((child) => (typeof child === "string" ? (child ? [schema.text(child)] : []) : child));

export function node(name: string, attrs: Record<string, unknown>, ...children: Child[]): Node {
  const type = schema.nodes[name]!;
  const withId = type.spec.attrs?.["id"] ? { id: nextId(), ...attrs } : attrs;
  return type.createChecked(withId, Fragment.fromArray(flatten(children)));
}

const marked = (mark: Mark, children: Child[]): Node[] => flatten(children).map((child) => child.mark(mark.addToSet(child.marks)));
const mark =
  (name: string) =>
  (...children: Child[]): Node[] =>
    marked(schema.mark(name), children);

export const doc = (...children: Node[]): Node => node("doc", {}, ...children);
export const p = (...children: Child[]): Node => node("paragraph", {}, ...children);
export const withId = (id: string, block: Node): Node => block.type.create({ ...block.attrs, id }, block.content, block.marks);
export const h = (level: number, ...children: Child[]): Node => node("heading", { level }, ...children);
export const ul = (...items: Node[]): Node => node("bullet_list", {}, ...items);
export const ol = (...items: Node[]): Node => node("ordered_list", {}, ...items);
export const li = (...children: Node[]): Node => node("list_item", {}, ...children);
export const quote = (...children: Node[]): Node => node("block_quote", {}, ...children);
export const table = (caption: string, ...rows: Node[]): Node => node("table", { caption }, ...rows);
export const tr = (...cells: Node[]): Node => node("table_row", {}, ...cells);
export const td = (...children: Node[]): Node => node("table_cell", {}, ...children);
export const th = (...children: Node[]): Node => node("table_header", {}, ...children);
export const figure = (asset: string, alt: string, ...caption: Child[]): Node => node("figure", { asset, alt }, ...caption);
export const callout = (kind: string, title: string, ...children: Node[]): Node => node("callout", { kind, title }, ...children);
export const recommendation = (addressee: string, ...children: Node[]): Node => node("recommendation", { addressee }, ...children);
export const footnote = (...children: Child[]): Node => node("footnote", {}, ...children);
export const cite = (source: string): Node =>
  node("citation", { items: [{ source, locator: "", prefix: "", suffix: "" }] });
export const xref = (target: string): Node => node("cross_reference", { target });
export const br = (): Node => node("hard_break", {});
export const strong = mark("strong");
export const em = mark("em");
export const suggested = (name: "insertion" | "deletion" | "modification", id: string, ...children: Child[]): Node[] =>
  marked(schema.mark(name, { id }), children);

/** The text with which every story begins: a little of everything. */
import { Fragment, type Node } from "prosemirror-model";
import { schema } from "../schema.ts";

type Child = string | Node;

let last = 0;
const id = (): string => `o${(last++ % 36 ** 8).toString(36).padStart(11, "0")}`;

function make(name: string, attrs: Record<string, unknown>, ...children: Child[]): Node {
  const type = schema.nodes[name]!;
  const content = children.map((child) => (typeof child === "string" ? schema.text(child) : child));
  return type.createChecked(type.spec.attrs?.["id"] ? { id: id(), ...attrs } : attrs, Fragment.fromArray(content));
}

const p = (...children: Child[]): Node => make("paragraph", {}, ...children);
const li = (...children: Child[]): Node => make("list_item", {}, ...children);
const marked = (text: string, mark: string, attrs: Record<string, unknown> = {}): Node => schema.text(text, [schema.mark(mark, attrs)]);
const cite = (): Node => make("citation", { items: [{ source: "one", locator: "", prefix: "", suffix: "" }] });

export const opening = (): Node =>
  make(
    "doc",
    {},
    make("heading", { level: 1 }, "Why this matters"),
    p("A first paragraph with ", marked("strong", "strong"), " words 😀", make("footnote", {}, "See ", cite()), " and more."),
    make("bullet_list", {}, li(p("one")), li(p("two"), make("ordered_list", {}, li(p("deep")), li(p("deeper"))))),
    make(
      "table",
      { caption: "Countries" },
      make("table_row", {}, make("table_header", {}, p("State")), make("table_header", {}, p("Cases"))),
      make("table_row", {}, make("table_cell", {}, p("A")), make("table_cell", {}, p("12"))),
    ),
    make("callout", { kind: "risk", title: "Beware" }, p("A callout "), p(marked("new", "insertion", { id: "s1" }), marked("old", "deletion", { id: "s2" }))),
    make("recommendation", { addressee: "States" }, p("Act on "), p(make("cross_reference", { target: "abc" }))),
    p("النص العربي هنا", " and é combined"),
    make("block_quote", {}, p("Somebody said so.")),
    p("Last words."),
  );

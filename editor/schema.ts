/**
 * The document language of a brief, written once: the editor runs it in the browser and the
 * server runs the same file, bundled, inside V8 (document/engine.py). Python renderers are held
 * against `spec()` by a completeness test; nobody ports these rules.
 *
 * Marks must not exclude one another. In long random runs the only silent divergences between two
 * editors came from marks that do; a link excludes only other links.
 */
import { Schema, type Attrs, type AttributeSpec, type MarkSpec, type NodeSpec } from "prosemirror-model";

/** Raised whenever a stored document could mean something else; stale clients are told to reload. */
export const SCHEMA_VERSION = 1;

export const CALLOUT_KINDS = ["key", "risk", "opportunity", "case", "definition", "note"] as const;
export const RECOMMENDATION_KINDS = ["legislation", "investment", "cooperation", "partnership", "other"] as const;
export type CalloutKind = (typeof CALLOUT_KINDS)[number];
export type RecommendationKind = (typeof RECOMMENDATION_KINDS)[number];
export const CELL_SCOPES = ["col", "row", "colgroup", "rowgroup"] as const;

/** Block-level suggestions are marks too, so every container must let them through. */
const SUGGESTIONS = "insertion deletion modification";

const isText = (limit: number) => (value: unknown): void => {
  if (typeof value !== "string" || value.length > limit) throw new RangeError(`expected at most ${limit} characters`);
};
const isId = (value: unknown): void => {
  if (typeof value !== "string" || !/^[A-Za-z0-9_-]{0,40}$/.test(value)) throw new RangeError("expected an identifier");
};
const isBoolean = (value: unknown): void => {
  if (typeof value !== "boolean") throw new RangeError("expected true or false");
};
const isCount = (low: number, high: number) => (value: unknown): void => {
  if (!Number.isInteger(value) || (value as number) < low || (value as number) > high) {
    throw new RangeError(`expected a whole number from ${low} to ${high}`);
  }
};
const isOneOf = (values: readonly string[]) => (value: unknown): void => {
  if (typeof value !== "string" || !values.includes(value)) throw new RangeError(`expected one of ${values.join(", ")}`);
};
const isLanguage = (value: unknown): void => {
  if (typeof value !== "string" || !/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(value)) {
    throw new RangeError("expected a language tag (BCP 47)");
  }
};
/** Full match on purpose: a prefix test would let `https://x\njavascript:…` through. */
const LINK = /^(?:https?:\/\/[^\s<>"'`\\\u0000-\u001f\u007f]{1,2000}|mailto:[^\s<>"'`\\\u0000-\u001f\u007f]{1,320})$/i;
export const isAllowedLink = (href: unknown): href is string => typeof href === "string" && LINK.test(href);
const isLink = (value: unknown): void => {
  if (!isAllowedLink(value)) throw new RangeError("links begin with http, https or mailto");
};
const isColwidth = (value: unknown): void => {
  if (value === null) return;
  if (!Array.isArray(value) || value.length > 100) throw new RangeError("expected column widths");
  value.forEach(isCount(0, 5000));
};

export interface CitationItem {
  source: string;
  locator: string;
  prefix: string;
  suffix: string;
}
const CITATION_KEYS = ["locator", "prefix", "source", "suffix"];
const isCitationItems = (value: unknown): void => {
  if (!Array.isArray(value) || value.length < 1 || value.length > 30) throw new RangeError("expected 1 to 30 cited sources");
  for (const item of value) {
    if (item === null || typeof item !== "object" || Object.keys(item).sort().join() !== CITATION_KEYS.join()) {
      throw new RangeError("a cited source has source, locator, prefix and suffix");
    }
    isId(item.source);
    for (const key of ["locator", "prefix", "suffix"]) isText(300)(item[key]);
  }
};

type Attributes = Record<string, AttributeSpec>;
const block = (attrs: Attributes = {}): Attributes => ({ id: { default: "", validate: isId }, ...attrs });
const idOf = (dom: HTMLElement) => dom.getAttribute("data-id") ?? "";
const number = (dom: HTMLElement, name: string, fallback: number) => Number(dom.getAttribute(name) ?? fallback) || fallback;
const withId = (attrs: Attrs, more: Record<string, string> = {}): Record<string, string> => ({ "data-id": String(attrs.id), ...more });

const cellAttrs = (scope: string): Attributes =>
  block({
    colspan: { default: 1, validate: isCount(1, 100) },
    rowspan: { default: 1, validate: isCount(1, 1000) },
    colwidth: { default: null, validate: isColwidth },
    ...(scope ? { scope: { default: scope, validate: isOneOf(CELL_SCOPES) } } : {}),
  });
const readCell = (dom: HTMLElement) => ({
  id: idOf(dom),
  colspan: number(dom, "colspan", 1),
  rowspan: number(dom, "rowspan", 1),
  colwidth: null,
});
const writeCell = (attrs: Attrs) => {
  const out: Record<string, string> = withId(attrs);
  if (attrs.colspan !== 1) out.colspan = String(attrs.colspan);
  if (attrs.rowspan !== 1) out.rowspan = String(attrs.rowspan);
  if (attrs.scope) out.scope = String(attrs.scope);
  return out;
};
const CELL_CONTENT = "(paragraph | bullet_list | ordered_list)+";

export const nodes: Record<string, NodeSpec> = {
  doc: { content: "block+", marks: SUGGESTIONS },
  paragraph: {
    content: "inline*",
    group: "block",
    attrs: block(),
    parseDOM: [{ tag: "p", getAttrs: (dom) => ({ id: idOf(dom) }) }],
    toDOM: (node) => ["p", withId(node.attrs), 0],
  },
  /** `level` counts from the section: its title stands above, so 1 is the first heading inside it. */
  heading: {
    content: "inline*",
    group: "block",
    attrs: block({ level: { default: 1, validate: isCount(1, 4) } }),
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({
      tag: `h${level}`,
      getAttrs: (dom: HTMLElement) => ({ id: idOf(dom), level: Math.min(4, Math.max(1, level - 2)) }),
    })),
    toDOM: (node) => [`h${Number(node.attrs.level) + 2}`, withId(node.attrs), 0],
  },
  bullet_list: {
    content: "list_item+",
    group: "block",
    marks: SUGGESTIONS,
    attrs: block(),
    parseDOM: [{ tag: "ul", getAttrs: (dom) => ({ id: idOf(dom) }) }],
    toDOM: (node) => ["ul", withId(node.attrs), 0],
  },
  ordered_list: {
    content: "list_item+",
    group: "block",
    marks: SUGGESTIONS,
    attrs: block({ start: { default: 1, validate: isCount(0, 100000) } }),
    parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ id: idOf(dom), start: number(dom, "start", 1) }) }],
    toDOM: (node) => ["ol", withId(node.attrs, node.attrs.start === 1 ? {} : { start: String(node.attrs.start) }), 0],
  },
  list_item: {
    content: "paragraph (paragraph | bullet_list | ordered_list)*",
    marks: SUGGESTIONS,
    attrs: block(),
    defining: true,
    parseDOM: [{ tag: "li", getAttrs: (dom) => ({ id: idOf(dom) }) }],
    toDOM: (node) => ["li", withId(node.attrs), 0],
  },
  block_quote: {
    content: "paragraph+",
    group: "block",
    marks: SUGGESTIONS,
    attrs: block(),
    defining: true,
    parseDOM: [{ tag: "blockquote", getAttrs: (dom) => ({ id: idOf(dom) }) }],
    toDOM: (node) => ["blockquote", withId(node.attrs), 0],
  },
  table: {
    content: "table_row+",
    group: "block",
    marks: SUGGESTIONS,
    tableRole: "table",
    isolating: true,
    attrs: block({ caption: { default: "", validate: isText(500) } }),
    parseDOM: [
      {
        tag: "table",
        getAttrs: (dom) => ({ id: idOf(dom), caption: dom.getAttribute("data-caption") ?? dom.querySelector("caption")?.textContent ?? "" }),
      },
    ],
    toDOM: (node) => ["table", withId(node.attrs, { "data-caption": String(node.attrs.caption) }), ["tbody", 0]],
  },
  table_row: {
    content: "(table_cell | table_header)+",
    marks: SUGGESTIONS,
    tableRole: "row",
    attrs: block(),
    parseDOM: [{ tag: "tr", getAttrs: (dom) => ({ id: idOf(dom) }) }],
    toDOM: (node) => ["tr", withId(node.attrs), 0],
  },
  table_cell: {
    content: CELL_CONTENT,
    marks: SUGGESTIONS,
    tableRole: "cell",
    isolating: true,
    attrs: cellAttrs(""),
    parseDOM: [{ tag: "td", getAttrs: readCell }],
    toDOM: (node) => ["td", writeCell(node.attrs), 0],
  },
  table_header: {
    content: CELL_CONTENT,
    marks: SUGGESTIONS,
    tableRole: "header_cell",
    isolating: true,
    attrs: cellAttrs("col"),
    parseDOM: [
      {
        tag: "th",
        getAttrs: (dom) => {
          const scope = dom.getAttribute("scope") ?? "col";
          return { ...readCell(dom), scope: (CELL_SCOPES as readonly string[]).includes(scope) ? scope : "col" };
        },
      },
    ],
    toDOM: (node) => ["th", writeCell(node.attrs), 0],
  },
  /** The content is the caption. Either `alt` says what the picture shows or `decorative` is true: a gate, not a schema rule. */
  figure: {
    content: "inline*",
    group: "block",
    isolating: true,
    attrs: block({
      asset: { default: "", validate: isId },
      alt: { default: "", validate: isText(2000) },
      decorative: { default: false, validate: isBoolean },
      credit: { default: "", validate: isText(500) },
      licence: { default: "", validate: isText(200) },
    }),
    parseDOM: [
      {
        tag: "figure[data-asset]",
        contentElement: "figcaption",
        getAttrs: (dom) => ({
          id: idOf(dom),
          asset: dom.getAttribute("data-asset") ?? "",
          alt: dom.getAttribute("data-alt") ?? "",
          decorative: dom.hasAttribute("data-decorative"),
          credit: dom.getAttribute("data-credit") ?? "",
          licence: dom.getAttribute("data-licence") ?? "",
        }),
      },
    ],
    toDOM: (node) => {
      const { asset, alt, decorative, credit, licence } = node.attrs;
      const attrs = withId(node.attrs, { "data-asset": asset, "data-alt": alt, "data-credit": credit, "data-licence": licence });
      if (decorative) attrs["data-decorative"] = "";
      return ["figure", attrs, ["figcaption", 0]];
    },
  },
  callout: {
    content: "(paragraph | bullet_list | ordered_list)+",
    group: "block",
    marks: SUGGESTIONS,
    defining: true,
    attrs: block({
      kind: { default: "note", validate: isOneOf(CALLOUT_KINDS) },
      title: { default: "", validate: isText(300) },
    }),
    parseDOM: [
      {
        tag: "aside[data-callout]",
        getAttrs: (dom) => {
          const kind = dom.getAttribute("data-callout") ?? "note";
          return {
            id: idOf(dom),
            kind: (CALLOUT_KINDS as readonly string[]).includes(kind) ? kind : "note",
            title: dom.getAttribute("data-title") ?? "",
          };
        },
      },
    ],
    toDOM: (node) => ["aside", withId(node.attrs, { "data-callout": node.attrs.kind, "data-title": node.attrs.title }), 0],
  },
  recommendation: {
    content: "paragraph (paragraph | bullet_list | ordered_list)*",
    group: "block",
    marks: SUGGESTIONS,
    defining: true,
    attrs: block({
      kind: { default: "other", validate: isOneOf(RECOMMENDATION_KINDS) },
      addressee: { default: "", validate: isText(300) },
    }),
    parseDOM: [
      {
        tag: "section[data-recommendation]",
        getAttrs: (dom) => {
          const kind = dom.getAttribute("data-recommendation") ?? "other";
          return {
            id: idOf(dom),
            kind: (RECOMMENDATION_KINDS as readonly string[]).includes(kind) ? kind : "other",
            addressee: dom.getAttribute("data-addressee") ?? "",
          };
        },
      },
    ],
    toDOM: (node) => [
      "section",
      withId(node.attrs, { "data-recommendation": node.attrs.kind, "data-addressee": node.attrs.addressee }),
      0,
    ],
  },
  text: { group: "inline" },
  footnote: {
    content: "(text | citation | cross_reference | hard_break)*",
    group: "inline",
    inline: true,
    isolating: true,
    attrs: block(),
    parseDOM: [{ tag: "span[data-footnote]", getAttrs: (dom) => ({ id: idOf(dom) }) }],
    toDOM: (node) => ["span", withId(node.attrs, { "data-footnote": "" }), 0],
  },
  citation: {
    group: "inline",
    inline: true,
    atom: true,
    attrs: { items: { validate: isCitationItems } },
    parseDOM: [
      {
        tag: "span[data-citation]",
        getAttrs: (dom) => {
          try {
            const items: unknown = JSON.parse(dom.getAttribute("data-citation") ?? "");
            isCitationItems(items);
            return { items };
          } catch {
            return false;
          }
        },
      },
    ],
    toDOM: (node) => ["span", { "data-citation": JSON.stringify(node.attrs.items) }],
  },
  /** `target` is a block's id or a section's (with dashes); what it reads as is derived when rendered. */
  cross_reference: {
    group: "inline",
    inline: true,
    atom: true,
    attrs: { target: { validate: isId } },
    parseDOM: [{ tag: "span[data-target]", getAttrs: (dom) => ({ target: dom.getAttribute("data-target") ?? "" }) }],
    toDOM: (node) => ["span", { "data-target": String(node.attrs.target) }],
  },
  hard_break: {
    group: "inline",
    inline: true,
    selectable: false,
    parseDOM: [{ tag: "br" }],
    toDOM: () => ["br"],
  },
};

/**
 * What a modification takes back when it is rejected. `added` and `removed`: marks of inline content; `attrs`, and
 * `type` where it changed: a block's form before; `edge`: a block's start that is new (`split`) or goes away (`join`),
 * a container that is new (`wrap`) or goes away (`unwrap`). `null` only points at a change.
 */
export type Was =
  | null
  | { readonly added: readonly unknown[]; readonly removed: readonly unknown[] }
  | { readonly type?: string; readonly attrs: Readonly<Record<string, unknown>> }
  | { readonly edge: Edge };
export const EDGES = ["split", "join", "wrap", "unwrap"] as const;
export type Edge = (typeof EDGES)[number];
const WAS_LIMIT = 5_000;
const isMarks = (value: unknown): void => {
  if (!Array.isArray(value) || value.length > 20) throw new RangeError("expected marks");
  for (const each of value) {
    const name = (each as { type?: unknown } | null)?.type;
    if (typeof name !== "string" || !Object.hasOwn(marks, name) || SUGGESTIONS.split(" ").includes(name)) throw new RangeError("expected marks");
    const { attrs } = schema.markFromJSON(each);
    for (const [attr, spec] of Object.entries(marks[name]!.attrs ?? {})) (spec.validate as (value: unknown) => void)(attrs[attr]);
  }
};
const isForm = (value: { type?: unknown; attrs?: unknown }): void => {
  const named = typeof value.type === "string" && Object.hasOwn(nodes, value.type);
  if (value.type !== undefined && !named) throw new RangeError("expected a kind of block");
  if (value.attrs === null || typeof value.attrs !== "object" || Array.isArray(value.attrs)) throw new RangeError("expected attributes");
};
const isWas = (value: unknown): void => {
  if (value === null) return;
  if (typeof value !== "object" || Array.isArray(value) || JSON.stringify(value).length > WAS_LIMIT) throw new RangeError("expected a former form");
  const keys = Object.keys(value).sort().join();
  const was = value as Record<string, unknown>;
  if (keys === "edge") isOneOf(EDGES)(was["edge"]);
  else if (keys === "added,removed") [was["added"], was["removed"]].forEach(isMarks);
  else if (keys === "attrs" || keys === "attrs,type") isForm(was);
  else throw new RangeError("expected a former form");
};

const suggestion = (tag: string, name: string): MarkSpec => ({
  attrs: { id: { validate: isId } },
  excludes: "",
  inclusive: name === "insertion",
  parseDOM: [{ tag: `${tag}[data-${name}]`, getAttrs: (dom) => ({ id: dom.getAttribute(`data-${name}`) ?? "" }) }],
  toDOM: (mark) => [tag, { [`data-${name}`]: String(mark.attrs.id) }, 0],
});

export const marks: Record<string, MarkSpec> = {
  strong: {
    excludes: "",
    parseDOM: [{ tag: "strong" }, { tag: "b", getAttrs: (dom) => dom.style.fontWeight !== "normal" && null }],
    toDOM: () => ["strong", 0],
  },
  em: { excludes: "", parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
  superscript: { excludes: "", parseDOM: [{ tag: "sup" }], toDOM: () => ["sup", 0] },
  subscript: { excludes: "", parseDOM: [{ tag: "sub" }], toDOM: () => ["sub", 0] },
  link: {
    attrs: { href: { validate: isLink } },
    excludes: "link",
    inclusive: false,
    parseDOM: [
      {
        tag: "a[href]",
        getAttrs: (dom) => {
          const href = dom.getAttribute("href");
          return isAllowedLink(href) ? { href } : false;
        },
      },
    ],
    toDOM: (mark) => ["a", { href: String(mark.attrs.href), rel: "noopener" }, 0],
  },
  language: {
    attrs: { lang: { validate: isLanguage }, dir: { default: "ltr", validate: isOneOf(["ltr", "rtl"]) } },
    excludes: "",
    parseDOM: [
      {
        tag: "span[lang]",
        getAttrs: (dom) => ({ lang: dom.getAttribute("lang") ?? "", dir: dom.getAttribute("dir") === "rtl" ? "rtl" : "ltr" }),
      },
    ],
    toDOM: (mark) => ["span", { lang: String(mark.attrs.lang), dir: String(mark.attrs.dir) }, 0],
  },
  claim: {
    attrs: { id: { validate: isId } },
    excludes: "",
    inclusive: false,
    parseDOM: [{ tag: "span[data-claim]", getAttrs: (dom) => ({ id: dom.getAttribute("data-claim") ?? "" }) }],
    toDOM: (mark) => ["span", { "data-claim": String(mark.attrs.id) }, 0],
  },
  insertion: suggestion("ins", "insertion"),
  deletion: suggestion("del", "deletion"),
  modification: {
    ...suggestion("span", "modification"),
    attrs: { id: { validate: isId }, was: { default: null, validate: isWas } },
    // Around a block no span may stand, and what an edge does is shown where it is.
    toDOM: (mark, inline) => {
      const was = mark.attrs["was"] as Was;
      const edge: Record<string, string> = was && "edge" in was ? { "data-edge": was.edge } : {};
      return [inline ? "span" : "div", { "data-modification": String(mark.attrs["id"]), ...edge }, 0];
    },
  },
};

export const schema = new Schema({ nodes, marks });

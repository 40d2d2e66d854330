/**
 * What is derived and not stored, shown as decorations: provisional paragraph numbers, "Table 2",
 * note numbers, what a cross-reference and a citation read as, and which footnote is open.
 */
import type { Node } from "prosemirror-model";
import { type EditorState, Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import type { Target } from "../room/config.ts";
import { labelOf, numbers, type Start, targetsIn } from "../room/numbering.ts";
import { isPlainTyping } from "../plain-edit.ts";
import { t } from "../room/strings.ts";
import type { CitationItem } from "../schema.ts";

export interface Labels {
  readonly start: Start;
  /** Targets of the other sections, as far as they are known now. */
  targets(): readonly Target[];
  /** What a source reads as, "(UNODC 2024)"; undefined while it is not known. */
  source(key: string): string | undefined;
}

interface Shown {
  readonly signature: string;
  readonly count: number;
  readonly decorations: DecorationSet;
}

export const labelsKey = new PluginKey<Shown>("labels");

function citationLabel(items: readonly CitationItem[], labels: Labels): { text: string; missing: boolean } {
  let missing = false;
  const parts = items.map(({ source, locator, prefix, suffix }) => {
    const label = labels.source(source);
    if (label === "") missing = true;
    const named = label || source;
    return [prefix, locator ? `${named}, ${locator}` : named, suffix].filter(Boolean).join(" ");
  });
  return { text: `(${parts.join("; ")})`, missing };
}

interface Wanted {
  readonly from: number;
  readonly to: number;
  readonly attributes: Record<string, string>;
}

/** One entry per node: an attribute of one decoration would hide that of another. */
function collect(doc: Node, labels: Labels): Wanted[] {
  const wanted = new Map<number, Wanted>();
  const put = (position: number, node: Node, attributes: Record<string, string>): void => {
    const before = wanted.get(position)?.attributes ?? {};
    wanted.set(position, { from: position, to: position + node.nodeSize, attributes: { ...before, ...attributes } });
  };
  for (const one of numbers(doc, labels.start)) {
    if (one.kind === "paragraph") put(one.position, one.node, { "data-paragraph": String(one.number) });
    else if (one.kind === "footnote") put(one.position, one.node, { "data-number": String(one.number) });
    else put(one.position, one.node, { "data-label": labelOf(one) });
  }
  const here = new Map(targetsIn(doc, labels.start).map((target) => [target.id, target.label]));
  const elsewhere = new Map(labels.targets().map((target) => [target.id, target.label]));
  doc.descendants((node, position) => {
    if (node.type.name === "cross_reference") {
      const target = String(node.attrs["target"]);
      const label = here.get(target) ?? elsewhere.get(target);
      put(position, node, label ? { "data-label": label } : { "data-label": t("missing_target"), "data-missing": "" });
    } else if (node.type.name === "citation") {
      const { text, missing } = citationLabel(node.attrs["items"] as CitationItem[], labels);
      put(position, node, { "data-label": text, ...(missing ? { "data-missing": "" } : {}) });
    }
  });
  return [...wanted.values()];
}

function show(doc: Node, labels: Labels): Shown {
  const wanted = collect(doc, labels);
  const decorations = wanted.map(({ from, to, attributes }) => Decoration.node(from, to, attributes));
  return {
    signature: wanted.map(({ attributes }) => Object.values(attributes).join("\u0001")).join("\u0002"),
    count: wanted.length,
    decorations: DecorationSet.create(doc, decorations),
  };
}

/** While only words change, last time's decorations are moved along: making them anew costs more. */
function follow(tr: EditorState["tr"], shown: Shown, labels: Labels): Shown {
  if (isPlainTyping(tr)) return { ...shown, decorations: shown.decorations.map(tr.mapping, tr.doc) };
  const wanted = collect(tr.doc, labels);
  const signature = wanted.map(({ attributes }) => Object.values(attributes).join("\u0001")).join("\u0002");
  const moved = shown.decorations.map(tr.mapping, tr.doc);
  if (signature === shown.signature && moved.find().length === wanted.length) return { ...shown, decorations: moved };
  return show(tr.doc, labels);
}

function openFootnote(state: EditorState): Decoration[] {
  const { $head } = state.selection;
  for (let depth = $head.depth; depth > 0; depth--) {
    const node = $head.node(depth);
    if (node.type.name !== "footnote") continue;
    const open = Decoration.node($head.before(depth), $head.after(depth), { class: "open" });
    // Browsers cannot put a caret into an empty inline element: a line break gives it a line to stand on.
    if (node.content.size) return [open];
    return [open, Decoration.widget($head.start(depth), () => document.createElement("br"), { side: 1, key: "note-line", raw: true })];
  }
  return [];
}

/** A transaction with this meta draws the labels anew: sources or targets were learnt. */
export const RELABEL = "relabel";

export const labels = (known: Labels): Plugin<Shown> =>
  new Plugin<Shown>({
    key: labelsKey,
    state: {
      init: (_config, state) => show(state.doc, known),
      apply(tr, shown) {
        if (tr.getMeta(RELABEL)) return show(tr.doc, known);
        return tr.docChanged ? follow(tr, shown, known) : shown;
      },
    },
    props: {
      decorations: (state) => labelsKey.getState(state)?.decorations.add(state.doc, openFootnote(state)),
    },
  });

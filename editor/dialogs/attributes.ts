/** The form of a block's attributes, opened from its head: table, figure, callout, recommendation. */
import type { Node } from "prosemirror-model";
import type { EditorView } from "prosemirror-view";
import { liftContent } from "../commands/lift-content.ts";
import type { Room } from "../room/room.ts";
import { t } from "../room/strings.ts";
import { CALLOUT_KINDS, RECOMMENDATION_KINDS } from "../schema.ts";
import { type Field, type Form, openForm } from "./form.ts";

export const captionField = (value = ""): Field => ({ name: "caption", label: t("caption"), value, hint: t("caption_hint"), limit: 500 });

export const calloutFields = (node?: Node, kind = "key"): Field[] => [
  {
    name: "kind",
    label: t("kind"),
    kind: "select",
    value: String(node?.attrs["kind"] ?? kind),
    options: CALLOUT_KINDS.map((kind) => ({ value: kind, label: t(`callout_${kind}`) })),
  },
  { name: "title", label: t("title"), value: String(node?.attrs["title"] ?? ""), limit: 300 },
];

/** Whom the brief asks to act, and whom the section addresses already: the same body is called the same. */
export function addressees(doc: Node, asked: readonly string[]): string[] {
  const names = new Set(asked);
  doc.forEach((block) => {
    const name = block.type.name === "recommendation" ? String(block.attrs["addressee"]) : "";
    if (name) names.add(name);
  });
  return [...names];
}

export const recommendationFields = (node?: Node, suggestions: readonly string[] = [], kind = "legislation"): Field[] => [
  {
    name: "kind",
    label: t("kind"),
    kind: "select",
    value: String(node?.attrs["kind"] ?? kind),
    options: RECOMMENDATION_KINDS.map((kind) => ({ value: kind, label: t(`recommendation_${kind}`) })),
  },
  { name: "addressee", label: t("addressee"), value: String(node?.attrs["addressee"] ?? ""), hint: t("addressee_hint"), limit: 300, suggestions },
];

/** What people choose from; any other wording is theirs to write. */
const LICENCES = ["CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "CC0 1.0"] as const;

export const figureFields = (node?: Node): Field[] => [
  { name: "alt", label: t("alt"), kind: "textarea", value: String(node?.attrs["alt"] ?? ""), hint: t("alt_hint"), limit: 2000 },
  { name: "decorative", label: t("decorative"), kind: "checkbox", value: String(node?.attrs["decorative"] ?? false) },
  { name: "credit", label: t("credit"), value: String(node?.attrs["credit"] ?? ""), limit: 500 },
  { name: "licence", label: t("licence"), value: String(node?.attrs["licence"] ?? ""), hint: t("licence_hint"), suggestions: LICENCES, limit: 200 },
];

export const needsAlt: NonNullable<Form["check"]> = (values) =>
  values["decorative"] !== "true" && !values["alt"] ? { field: "alt", sentence: t("alt_needed") } : null;

/** What the form's strings mean as attributes. */
export const attributesOf = (values: Record<string, string>): Record<string, unknown> =>
  "decorative" in values ? { ...values, decorative: values["decorative"] === "true" } : values;

function formOf(node: Node, doc: Node, asked: readonly string[]): Form | null {
  switch (node.type.name) {
    case "table":
      return { title: t("table"), fields: [captionField(String(node.attrs["caption"]))] };
    case "figure":
      return { title: t("figure"), fields: figureFields(node), check: needsAlt };
    case "callout":
      return { title: t("callout"), fields: calloutFields(node), actions: [{ name: "lift", label: t("remove_callout") }] };
    case "recommendation":
      return { title: t("recommendation"), fields: recommendationFields(node, addressees(doc, asked)), actions: [{ name: "lift", label: t("remove_callout") }] };
    default:
      return null;
  }
}

/** Co-authors write on while the form is open: the block is found again by its id. */
function positionNow(view: EditorView, id: string): number | null {
  let found: number | null = null;
  view.state.doc.descendants((node, position) => {
    if (node.attrs["id"] === id) found = position;
    return found === null;
  });
  return found;
}

export async function editAttributes({ view, config }: Room, position: number): Promise<void> {
  const node = view.state.doc.nodeAt(position);
  const form = node && formOf(node, view.state.doc, config.addressees);
  if (!node || !form) return;
  const values = await openForm(form);
  const now = positionNow(view, String(node.attrs["id"]));
  if (values && now !== null) {
    if (values["action"] === "lift") liftContent(now)(view.state, view.dispatch);
    else {
      const tr = view.state.tr;
      for (const [name, value] of Object.entries(attributesOf(values))) {
        if (view.state.doc.nodeAt(now)!.attrs[name] !== value) tr.setNodeAttribute(now, name, value);
      }
      view.dispatch(tr);
    }
  }
  view.focus();
}

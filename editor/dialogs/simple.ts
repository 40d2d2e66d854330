/** Small dialogs of the toolbar: link, language, table, figure, callout, recommendation. */
import { insertFigure, insertTable, insertWrapper } from "../commands/insert.ts";
import { directionOf, reach, setMark } from "../commands/marks.ts";
import { MOST_BYTES, PICTURES } from "../room/pictures.ts";
import { type Room, run } from "../room/room.ts";
import { t } from "../room/strings.ts";
import { scopeOf, setScope } from "../commands/table.ts";
import { type CalloutKind, CELL_SCOPES, isAllowedLink, type RecommendationKind, schema } from "../schema.ts";
import { addressees, attributesOf, calloutFields, captionField, figureFields, needsAlt, recommendationFields } from "./attributes.ts";
import { openForm } from "./form.ts";

/** "example.org/x" is what people paste; a scheme is what the language asks for. */
const withScheme = (href: string): string => {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return href;
  return /^[^\s@/]+@[^\s@/]+$/.test(href) ? `mailto:${href}` : `https://${href}`;
};

export async function linkDialog(room: Room): Promise<void> {
  const { from, to, mark } = reach(room.view.state, schema.marks["link"]!);
  if (from === to) return room.say(t("nothing_selected"));
  const values = await openForm({
    title: t("link"),
    fields: [{ name: "href", label: t("href"), value: String(mark?.attrs["href"] ?? "") }],
    actions: mark ? [{ name: "remove", label: t("remove") }] : [],
    check: ({ href }) => (isAllowedLink(withScheme(href ?? "")) ? null : { field: "href", sentence: t("href_bad") }),
  });
  if (values) run(room, setMark("link", values["action"] ? null : { href: withScheme(values["href"]!) }));
}

const LANGUAGES = ["en", "fr", "de", "it", "ru", "es", "uk", "ar", "zh", "tr", "sr-Latn", "id", "th", "vi"];

export async function languageDialog(room: Room): Promise<void> {
  const { from, to, mark } = reach(room.view.state, schema.marks["language"]!);
  if (from === to) return room.say(t("nothing_selected"));
  const values = await openForm({
    title: t("language"),
    fields: [
      {
        name: "lang",
        label: t("language_code"),
        value: String(mark?.attrs["lang"] ?? ""),
        hint: t("language_hint"),
        suggestions: LANGUAGES,
      },
    ],
    check: ({ lang }) =>
      !lang || /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(lang) ? null : { field: "lang", sentence: t("language_bad") },
  });
  if (!values) return;
  const lang = values["lang"] ?? "";
  run(room, setMark("language", lang ? { lang, dir: directionOf(lang) } : null));
}

export async function tableDialog(room: Room): Promise<void> {
  const values = await openForm({
    title: t("table"),
    submit: t("insert"),
    fields: [
      captionField(),
      { name: "rows", label: t("rows"), kind: "number", value: "3" },
      { name: "columns", label: t("columns"), kind: "number", value: "3" },
      { name: "headerRow", label: t("row_header"), kind: "checkbox", value: "true" },
      { name: "headerColumn", label: t("column_header"), kind: "checkbox", value: "false" },
    ],
  });
  if (!values) return;
  const count = (name: string, most: number): number => Math.max(1, Math.min(most, Math.round(Number(values[name])) || 3));
  const shape = {
    rows: count("rows", 100),
    columns: count("columns", 20),
    caption: values["caption"] ?? "",
    headerRow: values["headerRow"] === "true",
    headerColumn: values["headerColumn"] === "true",
  };
  run(room, insertTable(shape));
}

/** `file` is there when a picture was pasted or dropped. */
export async function figureDialog(room: Room, file?: File): Promise<void> {
  let asset = "";
  const values = await openForm({
    title: t("figure"),
    submit: t("insert"),
    fields: [
      ...(file ? [] : [{ name: "file", label: t("choose_file"), kind: "file" as const, accept: PICTURES }]),
      ...figureFields(),
      { name: "caption", label: t("caption") },
    ],
    check(given, files) {
      const picture = file ?? files["file"];
      if (!picture) return { field: "file", sentence: t("choose_file") };
      return picture.size > MOST_BYTES ? { field: "file", sentence: t("too_large") } : needsAlt(given, files);
    },
    async work(given, files) {
      const form = new FormData();
      form.set("file", file ?? files["file"]!);
      form.set("credit", given["credit"] ?? "");
      form.set("licence", given["licence"] ?? "");
      const { status, body } = await room.wire.upload(room.config.figuresUrl, form);
      if (status >= 300 || typeof body["asset"] !== "string") throw new Error(String(body["error"] ?? t("upload_failed")));
      asset = body["asset"];
    },
  });
  if (!values) return;
  const { alt, decorative, credit, licence } = attributesOf(values);
  run(room, insertFigure({ asset, alt, decorative, credit, licence }, values["caption"] ?? ""));
}

/** `kind` is chosen already when the slash menu named it. */
export async function calloutDialog(room: Room, kind?: CalloutKind): Promise<void> {
  const values = await openForm({ title: t("callout"), submit: t("insert"), fields: calloutFields(undefined, kind) });
  if (values) run(room, insertWrapper("callout", values));
}

export async function recommendationDialog(room: Room, kind?: RecommendationKind): Promise<void> {
  const fields = recommendationFields(undefined, addressees(room.view.state.doc, room.config.addressees), kind);
  const values = await openForm({ title: t("recommendation"), submit: t("insert"), fields });
  if (values) run(room, insertWrapper("recommendation", values));
}

/** What the chosen header cells head; plain ones become headers. */
export async function scopeDialog(room: Room): Promise<void> {
  const values = await openForm({
    title: t("cell_scope"),
    fields: [
      {
        name: "scope",
        label: t("cell_scope_of"),
        kind: "select",
        value: scopeOf(room.view.state),
        options: ["", ...CELL_SCOPES].map((value) => ({ value, label: t(value ? `scope_${value as (typeof CELL_SCOPES)[number]}` : "scope_none") })),
      },
    ],
  });
  if (values) run(room, setScope(values["scope"] ?? ""));
}

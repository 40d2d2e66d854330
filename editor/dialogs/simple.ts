/** Small dialogs of the toolbar: link, language, table, figure, callout, recommendation. */
import { insertFigure, insertTable, insertWrapper } from "../commands/insert.ts";
import { directionOf, reach, setMark } from "../commands/marks.ts";
import { type Room, run } from "../room/room.ts";
import { t } from "../room/strings.ts";
import { isAllowedLink, schema } from "../schema.ts";
import { attributesOf, calloutFields, captionField, figureFields, needsAlt, recommendationFields } from "./attributes.ts";
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

/** What the server reads and encodes anew (document/images.py); no SVG, which can carry scripts. */
export const PICTURES = "image/png,image/jpeg,image/webp,image/gif,image/tiff,image/bmp";
const MOST_BYTES = 20 * 1024 * 1024;

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

export async function calloutDialog(room: Room): Promise<void> {
  const values = await openForm({ title: t("callout"), submit: t("insert"), fields: calloutFields() });
  if (values) run(room, insertWrapper("callout", values));
}

export async function recommendationDialog(room: Room): Promise<void> {
  const values = await openForm({ title: t("recommendation"), submit: t("insert"), fields: recommendationFields() });
  if (values) run(room, insertWrapper("recommendation", values));
}

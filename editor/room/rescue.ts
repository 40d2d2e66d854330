/** Words that found no place in the text, handed back: to copy, to insert again, or to choose between. */
import { Fragment } from "prosemirror-model";
import type { EditorState } from "prosemirror-state";
import { newId } from "../ids.ts";
import { findBlock } from "../offsets.ts";
import { schema } from "../schema.ts";
import { el, uniqueId } from "./dom.ts";
import type { Reason, Rescued } from "./keep.ts";
import type { Both } from "./reconcile.ts";
import { type Room, run } from "./room.ts";
import { t } from "./strings.ts";

type Dispatch = (tr: EditorState["tr"]) => void;

/** What became of both sides: the sentence must be true of the text that stands there now. */
function bothWords(both: readonly Both[]): string {
  if (!both.some(({ parted, theirs }) => parted || theirs === null)) return t("kept_both");
  return t(both.every(({ theirs }) => theirs === null) ? "kept_both_deleted" : "kept_both_parted");
}

export function reasonWords(reason: Reason, sentence: string, both: readonly Both[] = []): string {
  switch (reason) {
    case "refused":
      return t("refused", { reason: sentence });
    case "diverged":
      return t("diverged");
    case "removed":
      return sentence || t("removed");
    case "misfit":
      return t("kept_misfit");
    case "place-gone":
      return t("kept_place_gone");
    case "deleted-unseen":
      return t("kept_unseen");
    case "both":
      return bothWords(both);
    case "read-only":
      return t("kept_read_only");
  }
}

const insertWords =
  (words: string) =>
  (state: EditorState, dispatch?: Dispatch): boolean => {
    const paragraphs = words.split(/\n{2,}/).map((text) => schema.nodes["paragraph"]!.create({ id: newId() }, schema.text(text)));
    const { $from } = state.selection;
    const position = $from.depth ? $from.after(1) : state.doc.content.size;
    dispatch?.(state.tr.insert(position, paragraphs).scrollIntoView());
    return true;
  };

/** One side's block in the place of what came of both; after the cursor where there is no such block now. */
const put =
  (id: string, json: unknown) =>
  (state: EditorState, dispatch?: Dispatch): boolean => {
    const block = schema.nodeFromJSON(json);
    const place = findBlock(state.doc, id);
    if (!place) return insertWords(block.textContent)(state, dispatch);
    const [from, to] = [place.position + 1, place.position + place.node.nodeSize - 1];
    const content = place.node.type.validContent(block.content) ? block.content : Fragment.from(schema.text(block.textContent));
    dispatch?.(state.tr.replaceWith(from, to, content).scrollIntoView());
    return true;
  };

const button = (label: string, look: string, click: () => void): HTMLElement => el("button", { type: "button", class: `btn ${look}`, click }, label);

/** Puts words into the text; false, and the person is told, where nothing can be written (any more). */
function putIn(room: Room, command: ReturnType<typeof insertWords>): boolean {
  if (room.view.editable) return run(room, command);
  room.say(t("forbidden"));
  return false;
}

function bothSides(room: Room, { id, mine, mineBlock, theirs, theirsBlock }: Both): HTMLElement {
  const side = (title: string, words: string, choose: string, json: unknown): HTMLElement => {
    const text = words ? el("blockquote", { dir: "auto" }, words) : el("p", { class: "meta" }, t("kept_deleted"));
    const use = words && room.view.editable ? [button(choose, "btn-outline-secondary btn-sm", () => void putIn(room, put(id, json)))] : [];
    return el("div", {}, el("h3", {}, title), text, ...use);
  };
  return el("li", {}, side(t("kept_mine"), mine, t("kept_use_mine"), mineBlock), side(t("kept_theirs"), theirs ?? "", t("kept_use_theirs"), theirsBlock));
}

function oneSide(room: Room, { words }: Rescued, title: string, gone: () => void): HTMLElement[] {
  const text = el("textarea", { class: "form-control", readonly: true, rows: "6", dir: "auto", "aria-labelledby": title }, words);
  const copy = async (): Promise<void> => {
    text.select();
    await navigator.clipboard?.writeText(words).catch(() => undefined);
    room.say(t("copied"));
  };
  const insert = (): void => {
    if (putIn(room, insertWords(words))) gone();
  };
  const insertAgain = room.view.editable ? [button(t("insert_words"), "btn-outline-secondary", insert)] : [];
  return [text, el("div", { class: "dialog-actions" }, button(t("copy_words"), "btn-primary", () => void copy()), ...insertAgain, button(t("close"), "btn-link", gone))];
}

/** Shows them above the text; `seen` is called once the person has closed or inserted them. */
export function offerBack(room: Room, place: HTMLElement, rescued: Rescued, seen: () => void): void {
  const id = uniqueId("kept");
  const { reason, sentence, both } = rescued;
  const gone = (): void => {
    panel.remove();
    seen();
    room.view.focus();
  };
  const title = reason === "both" ? t("kept_both_title") : reason === "deleted-unseen" ? t("kept_unseen_title") : t("kept_title");
  const told = [reasonWords(reason, sentence, both), both.length ? "" : t(reason === "deleted-unseen" ? "words_of_others" : "words_kept")];
  const content = both.length
    ? [el("ul", { class: "kept-both" }, ...both.map((each) => bothSides(room, each))), el("div", { class: "dialog-actions" }, button(t("kept_done"), "btn-primary", gone))]
    : oneSide(room, rescued, id, gone);
  const panel = el("section", { class: "kept-words", role: "alert", "aria-labelledby": id }, el("h2", { id }, title), el("p", {}, told.filter(Boolean).join(" ")), ...content);
  place.prepend(panel);
}

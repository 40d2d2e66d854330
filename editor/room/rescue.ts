/** Words that could not be stored, handed back: to copy, or to insert again where the cursor is. */
import type { Node } from "prosemirror-model";
import type { EditorState } from "prosemirror-state";
import { sendableSteps } from "prosemirror-collab";
import { Mapping, ReplaceStep, type Step } from "prosemirror-transform";
import { newId } from "../ids.ts";
import { schema } from "../schema.ts";
import { el, uniqueId } from "./dom.ts";
import { type Room, run } from "./room.ts";
import { t } from "./strings.ts";

/** The text around everything that was typed since the last save, block by block. */
export function unsavedWords(state: EditorState): string {
  const steps = sendableSteps(state)?.steps ?? [];
  const maps = steps.map((step) => step.getMap());
  const blocks = new Set<Node>();
  maps.forEach((map, index) => {
    const rest = new Mapping(maps.slice(index + 1));
    map.forEach((_oldFrom, _oldTo, newFrom, newTo) => {
      const from = Math.max(0, rest.map(newFrom, -1));
      const to = Math.min(state.doc.content.size, rest.map(newTo, 1));
      if (newTo > newFrom && from <= to) state.doc.nodesBetween(from, to, (node) => void (node.isTextblock && blocks.add(node)));
    });
  });
  return [...blocks]
    .map((block) => block.textContent.trim())
    .filter(Boolean)
    .join("\n\n");
}

/** The words inside steps that fit nowhere any more. */
export function wordsOf(steps: readonly Step[]): string {
  const texts: string[] = [];
  for (const step of steps) {
    if (step instanceof ReplaceStep) texts.push(step.slice.content.textBetween(0, step.slice.content.size, "\n\n"));
  }
  return texts.join("").trim();
}

const insertWords =
  (words: string) =>
  (state: EditorState, dispatch?: (tr: EditorState["tr"]) => void): boolean => {
    const paragraphs = words.split(/\n{2,}/).map((text) => schema.nodes["paragraph"]!.create({ id: newId() }, schema.text(text)));
    const { $from } = state.selection;
    const position = $from.depth ? $from.after(1) : state.doc.content.size;
    dispatch?.(state.tr.insert(position, paragraphs).scrollIntoView());
    return true;
  };

export function offerBack(room: Room, place: HTMLElement, words: string, reason: string): void {
  const id = uniqueId("kept");
  const text = el("textarea", { class: "form-control", readonly: true, rows: "6", "aria-labelledby": id }, words);
  const copy = async (): Promise<void> => {
    text.select();
    await navigator.clipboard?.writeText(words).catch(() => undefined);
    room.say(t("copied"));
  };
  const panel = el(
    "section",
    { class: "kept-words", role: "alert", "aria-labelledby": id },
    el("h2", { id }, t("kept_title")),
    el("p", {}, [reason, t("words_kept")].filter(Boolean).join(" ")),
    text,
    el(
      "div",
      { class: "dialog-actions" },
      el("button", { type: "button", class: "btn btn-primary", click: () => void copy() }, t("copy_words")),
      el("button", { type: "button", class: "btn btn-outline-secondary", click: () => void run(room, insertWords(words)) }, t("insert_words")),
      el("button", { type: "button", class: "btn btn-link", click: () => panel.remove() }, t("close")),
    ),
  );
  place.prepend(panel);
}

/**
 * Says what a paste left out, and offers the pictures that came with it one by one. That pictures are missing
 * stays on screen until the person has seen to it: nothing in the text shows where they were.
 */
import { opens } from "../dialogs/lazily.ts";
import type { Cleaned } from "../paste/clean.ts";
import { el } from "./dom.ts";
import type { Room } from "./room.ts";
import { counted, type Key, t } from "./strings.ts";

/** More than this would be a siege of dialogs. */
const MOST = 10;

/** Decoded here: the page's policy lets no address of that kind be fetched. */
function fileOf(address: string, number: number): File | null {
  const [, type, data] = /^data:(image\/[a-z+]+);base64,([\s\S]+)$/i.exec(address) ?? [];
  if (!type || !data) return null;
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    return new File([bytes], `picture-${number}`, { type });
  } catch {
    return null;
  }
}

/** Below the text, wherever that is scrolled to; pictures of several pastes are counted together. */
function standing(room: Room, missing: number): void {
  const before = document.querySelector<HTMLElement>(".left-out");
  const count = missing + Number(before?.dataset["count"] ?? 0);
  before?.remove();
  const gone = (): void => {
    card.remove();
    room.view.focus();
  };
  const insert = (): void => {
    // A dialog that closes gives the focus back to where it was.
    gone();
    void opens("figureDialog")(room);
  };
  const card = el(
    "section",
    { class: "left-out", role: "alert", "data-count": String(count) },
    el("p", {}, counted("pasted_pictures", count)),
    el("div", { class: "dialog-actions" }, el("button", { type: "button", class: "btn btn-primary btn-sm", click: insert }, t("pasted_insert")), el("button", { type: "button", class: "btn btn-link btn-sm", click: gone }, t("close"))),
  );
  room.view.dom.parentElement?.append(card);
}

export async function tellPasted(room: Room, { lost, comments, struck, pictures }: Cleaned): Promise<void> {
  const files = pictures.map(fileOf).filter((file) => file !== null);
  const missing = lost + Math.max(0, files.length - MOST) + (pictures.length - files.length);
  const facts: [Key, number][] = [
    ["pasted_comments", comments],
    ["pasted_struck", struck],
  ];
  const said = facts.filter(([, count]) => count > 0).map(([key, count]) => t(key, { count }));
  if (missing) standing(room, missing);
  if (said.length) room.say([t("pasted"), ...said].join(" "));
  for (const file of files.slice(0, MOST)) await opens("figureDialog")(room, file);
}

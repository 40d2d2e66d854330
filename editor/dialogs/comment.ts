/** Opens the page's own comment form with the selected words; the server does the rest. */
import { blockText, offsetAt } from "../offsets.ts";
import type { Room } from "../room/room.ts";
import { theSide } from "../room/side.ts";
import { t } from "../room/strings.ts";
import type { EditorState } from "prosemirror-state";

export interface Quoted {
  readonly block: string;
  readonly start: number;
  readonly end: number;
  readonly quotation: string;
  readonly prefix: string;
  readonly suffix: string;
}

const CONTEXT = 32;

/** The selection as an anchor inside one block; with nothing selected the whole block. */
export function quote(state: EditorState): Quoted | null {
  const { $from, to, empty } = state.selection;
  let depth = $from.depth;
  while (depth > 0 && !$from.node(depth).isTextblock) depth--;
  if (depth === 0) return null;
  const block = $from.node(depth);
  const before = $from.before(depth);
  const text = blockText(block);
  const start = empty ? 0 : offsetAt(block, before, $from.pos);
  const end = empty ? text.length : Math.max(start, offsetAt(block, before, Math.min(to, $from.end(depth))));
  return {
    block: String(block.attrs["id"]),
    start,
    end,
    quotation: text.slice(start, end),
    prefix: text.slice(Math.max(0, start - CONTEXT), start),
    suffix: text.slice(end, end + CONTEXT),
  };
}

export async function commentDialog(room: Room): Promise<void> {
  const dialog = document.querySelector<HTMLDialogElement>("dialog#comment-dialog");
  const form = document.querySelector<HTMLFormElement>("#comment-form");
  if (!form) return;
  // The offsets belong to the stored text: what was typed last must be stored first.
  if (!(await room.connection.settled(5_000))) return room.say(t("saving"));
  const quoted = quote(room.view.state);
  if (!quoted) return room.say(t("nothing_selected"));
  const values: Record<string, string> = {
    ...Object.fromEntries(Object.entries(quoted).map(([name, value]) => [name, String(value)])),
    section: room.config.section,
    version: String(room.connection.version),
  };
  for (const [name, value] of Object.entries(values)) {
    const input = form.elements.namedItem(name);
    if (input instanceof HTMLInputElement) input.value = value;
  }
  const shown = (dialog ?? form).querySelector<HTMLElement>("[data-quotation]");
  shown?.replaceChildren(quoted.quotation.replaceAll("\ufffc", "…"));
  if (shown) shown.hidden = !quoted.quotation;
  const other = form.querySelector<HTMLElement>("[data-unquote]");
  if (other) other.hidden = false;
  dialog?.querySelector("[data-close]")?.addEventListener("click", () => dialog.close(), { once: true });
  theSide().reveal(form);
  dialog?.showModal();
  form.scrollIntoView({ block: "nearest" });
  form.querySelector<HTMLElement>("textarea, [name=body]")?.focus();
}

// @vitest-environment jsdom
import { EditorState, type Plugin } from "prosemirror-state";
import { keymap } from "prosemirror-keymap";
import { EditorView } from "prosemirror-view";
import { afterEach, describe, expect, it } from "vitest";
import { settled } from "../plugins/settled.ts";
import { schema } from "../schema.ts";

let view: EditorView;
afterEach(() => view.destroy());

/** Where a key acts when the browser has moved the cursor and has not said so yet. */
async function keyAfterMove(...first: Plugin[]): Promise<number> {
  let head = -1;
  const seen = keymap({ F9: (state) => ((head = state.selection.head), true) });
  const doc = schema.node("doc", null, [schema.node("paragraph", null, [schema.text("Fees are charged.")])]);
  const place = document.body.appendChild(document.createElement("div"));
  view = new EditorView(place, { state: EditorState.create({ doc, plugins: [...first, seen] }) });
  view.dom.tabIndex = 0;
  view.focus();
  const text = view.dom.querySelector("p")!.firstChild!;
  // The event is held back as a busy browser does.
  const hold = (event: Event): void => event.stopImmediatePropagation();
  window.addEventListener("selectionchange", hold, { capture: true });
  document.getSelection()!.collapse(text, 4);
  await new Promise((done) => setTimeout(done, 5));
  window.removeEventListener("selectionchange", hold, { capture: true });
  view.dom.dispatchEvent(new KeyboardEvent("keydown", { key: "F9", keyCode: 120, bubbles: true, cancelable: true }));
  return head;
}

describe("a key after a move that was not told yet", () => {
  it("acts where the cursor is", async () => {
    expect(await keyAfterMove(settled())).toBe(5);
  });
  it("would act where the cursor was", async () => {
    expect(await keyAfterMove()).not.toBe(5);
  });
});

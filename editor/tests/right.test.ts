// @vitest-environment jsdom
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Config } from "../room/config.ts";
import { heed } from "../room/right.ts";
import { suggestBand } from "../room/toolbar.ts";
import { schema } from "../schema.ts";
import { suggesting } from "../suggesting/mode.ts";

const doc = schema.node("doc", null, [schema.node("paragraph", null, [schema.text("Fees are charged.")])]);
const suggestOnly = vi.fn(() => Promise.resolve());
const say = vi.fn();

function opened(right: Config["right"]): { config: Config; view: EditorView; told: (right: unknown) => Promise<void> } {
  const config = { right, canEdit: right !== "read" } as Config;
  const view = new EditorView(null, { state: EditorState.create({ doc }), editable: () => config.canEdit });
  return { config, view, told: heed({ config, view, say, suggesting: { suggestOnly } }) };
}

beforeEach(() => vi.clearAllMocks());

describe("a right that changes while the page is open", () => {
  it("makes who may only suggest from now on suggest", async () => {
    const { config, view, told } = opened("edit");
    await told("suggest");
    expect([config.right, view.editable, suggestOnly.mock.calls.length]).toEqual(["suggest", true, 1]);
    expect(say).toHaveBeenCalledWith(expect.stringContaining("you can suggest changes"));
  });

  it("closes the text to who may only read, and opens it again", async () => {
    const { view, told } = opened("edit");
    await told("read");
    expect(view.editable).toBe(false);
    await told("edit");
    expect(view.editable).toBe(true);
    expect(say).toHaveBeenLastCalledWith("You can change this section now.");
  });

  it("asks who opened the page only to read to load it again", async () => {
    const { view, told } = opened("read");
    await told("edit");
    expect(view.editable).toBe(false);
    expect(say).toHaveBeenCalledWith(expect.stringContaining("load the page again"));
  });

  it("says nothing when nothing changed, or the answer is not ours", async () => {
    const { config, told } = opened("edit");
    for (const answer of ["edit", undefined, "everything"]) await told(answer);
    expect([config.right, say.mock.calls.length]).toEqual(["edit", 0]);
  });

  it("says of nobody who can only read that they are suggesting", async () => {
    const { config, told } = opened("suggest");
    const state = EditorState.create({ doc, plugins: [suggesting({ on: true, mine: [] })] });
    const view = new EditorView(null, { state, editable: () => config.canEdit });
    const updates: ((state: EditorState) => void)[] = [];
    const band = suggestBand({ view }, updates);
    const shown = (): string => (updates.forEach((update) => update(view.state)), band.textContent ?? "");
    expect(shown()).toContain("You are suggesting");
    await told("read");
    view.setProps({});
    expect(shown()).toBe("");
  });
});

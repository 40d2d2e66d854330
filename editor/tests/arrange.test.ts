// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Arrange, moved, type Row } from "../arrange.ts";

const rowsOf = (text: string): Row[] => text.split(" ").map((word) => ({ id: word.replaceAll(".", ""), depth: word.lastIndexOf(".") + 1 }));
const written = (rows: readonly Row[]): string => rows.map(({ id, depth }) => ".".repeat(depth) + id).join(" ");

describe("where a section may stand", () => {
  it.each([
    ["A .B C", "C", 0, 0, "C A .B"],
    ["A .B C", "A", 1, 0, "C A .B"],
    ["A .B .C X", "X", 2, 0, "A .B .X .C"],
    ["A .B .C X", "X", 2, 2, "A .B ..X .C"],
    ["A B C", "B", 1, 1, "A .B C"],
    ["A B C", "A", 0, 2, "A B C"],
    ["A .B ..C D", "B", 2, 0, "A D B .C"],
    ["A .B ..C D", "D", 3, 5, "A .B ..C ..D"],
  ])("%s: %s to %i at %i", (before, id, place, depth, after) => {
    const rows = rowsOf(before);
    expect(written(moved(rows, rows.findIndex((row) => row.id === id), place, depth))).toBe(after);
  });
});

describe("an outline", () => {
  const send = vi.fn<(url: string, form: FormData) => Promise<Row[]>>();
  const outline = (): string => written([...document.querySelectorAll<HTMLElement>("li")].map(({ dataset }) => ({ id: dataset["section"]!, depth: Number(dataset["depth"]) })));
  const grip = (id: string): HTMLElement => document.querySelector(`[data-section="${id}"] .grip`)!;
  const press = (key: string): void => void document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const said = (): string => document.querySelector("[role=status]")!.textContent!;

  beforeEach(() => {
    send.mockReset();
    Element.prototype.scrollIntoView = vi.fn();
    const items = rowsOf("A .B C D").map(({ id, depth }) => `<li data-section="${id}" data-depth="${depth}" data-move="/move/${id}/"><button class="grip" hidden>${id}</button></li>`);
    document.body.innerHTML = `<ol data-arrange data-picked="Picked" data-at="%(place)s/%(count)s/%(level)s" data-left="Left" data-dropped="Dropped" data-failed="Failed">${items.join("")}</ol>`;
    new Arrange(document.querySelector("ol")!, send);
  });

  it("is arranged by keyboard, told as it goes, and stored once it is put down", async () => {
    send.mockResolvedValue(rowsOf("A .B D ..C"));
    expect(grip("C").hidden).toBe(false);
    grip("C").focus();
    grip("C").click();
    expect(said()).toBe("Picked");
    press("ArrowDown");
    expect([outline(), said()]).toEqual(["A .B D C", "4/4/1"]);
    press("ArrowRight");
    expect(outline()).toBe("A .B D .C");
    expect(document.activeElement).toBe(grip("C"));
    grip("C").click();
    await vi.waitFor(() => expect(outline()).toBe("A .B D ..C"));
    const [url, form] = send.mock.calls[0]!;
    expect([url, form.get("after"), form.get("depth")]).toEqual(["/move/C/", "D", "1"]);
  });

  it("takes along what is within, and Escape leaves all where it was", () => {
    grip("A").focus();
    grip("A").click();
    press("ArrowDown");
    expect(outline()).toBe("C A .B D");
    press("Escape");
    expect([outline(), said()]).toEqual(["A .B C D", "Left"]);
    expect(send).not.toHaveBeenCalled();
  });

  it("goes back when the server refuses, and says why", async () => {
    send.mockRejectedValue(new Error("This section has been removed."));
    grip("D").focus();
    grip("D").click();
    press("ArrowUp");
    grip("D").click();
    await vi.waitFor(() => expect(outline()).toBe("A .B C D"));
    expect(document.querySelector("[role=alert]")!.textContent).toBe("This section has been removed.");
  });

  it("asks nothing of the server when nothing has moved", () => {
    grip("D").focus();
    grip("D").click();
    press("ArrowDown");
    grip("D").click();
    expect(send).not.toHaveBeenCalled();
  });
});

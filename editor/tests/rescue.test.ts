/** What is said of paragraphs that two changed: true of the text that stands there now. */
import { describe, expect, it } from "vitest";
import type { Rescued } from "../room/keep.ts";
import type { Both } from "../room/reconcile.ts";
import { reasonWords } from "../room/rescue.ts";
import { Session, type Surface } from "../room/session.ts";

const one = (parted: boolean, theirs: string | null): Both => ({ id: "a", mine: "Mine", mineBlock: {}, theirs, theirsBlock: {}, parted });
const told = (...both: Both[]): string => reasonWords("both", "", both);

describe("of paragraphs that both sides changed", () => {
  it("it is said that the text holds both only where it does", () => {
    expect(told(one(false, "Theirs"))).toContain("now holds both changes");
    for (const both of [[one(true, null)], [one(true, "Theirs")], [one(false, "Theirs"), one(true, null)]]) expect(told(...both)).not.toContain("now holds both");
  });

  it("it is said when others deleted what one was changing", () => {
    expect(told(one(true, null), one(true, null))).toContain("others deleted what you were changing. It is not in the text");
  });

  it("it is said when one side deleted what the other was at work on", () => {
    expect(told(one(false, "Theirs"), one(true, null))).toContain("the text does not hold both");
  });
});

describe("of a paragraph that others deleted", () => {
  /** What the person is shown, of a page that was away for long. */
  function shown(mine: string, ...both: Both[]): string[] {
    const offered: Rescued[] = [];
    const surface = { offer: (rescued: Rescued) => void offered.push(rescued) } as unknown as Surface;
    new Session(surface, undefined as never, { documentUrl: "", stepsUrl: "", canEdit: true }, null).found({ mine, theirs: "", both }, true);
    return offered.map(({ reason }) => reason);
  }

  it("the words are offered once", () => {
    expect(shown("Mine", one(true, null))).toEqual(["place-gone"]);
    expect(shown("Mine", one(true, null), { ...one(false, "Theirs"), mine: "Other words" })).toEqual(["place-gone", "both"]);
  });

  it("what was changed without a new word is offered, too", () => {
    expect(shown("", one(true, null))).toEqual(["both"]);
  });
});

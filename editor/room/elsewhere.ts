/**
 * What others write in other sections moves this one's numbers and what its cross-references read as:
 * a while after they wrote, and at once when sections were moved, the server is asked again.
 */
import { RELABEL } from "../plugins/labels.ts";
import type { Target } from "./config.ts";
import type { Room } from "./room.ts";

/** Milliseconds after a step elsewhere, and after a change of the outline. */
const LATER = 8_000;
const SOON = 400;

export function followNumbers(room: Room): void {
  const { config } = room;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = 0;
  const ask = async (): Promise<void> => {
    timer = undefined;
    const { status, body } = await room.wire.get(config.numbersUrl).catch(() => ({ status: 0, body: {} as Readonly<Record<string, unknown>> }));
    if (status !== 200) return;
    const fresh = {
      firstNumber: Number(body["paragraph"]),
      firstFootnote: Number(body["footnote"]),
      firstSeries: body["series"] as Record<string, number>,
      targets: body["targets"] as Target[],
    };
    const { firstNumber, firstFootnote, firstSeries, targets } = config;
    if (JSON.stringify(fresh) === JSON.stringify({ firstNumber, firstFootnote, firstSeries, targets })) return;
    Object.assign(config, fresh);
    room.view.dispatch(room.view.state.tr.setMeta(RELABEL, true).setMeta("addToHistory", false));
  };
  const within = (milliseconds: number): void => {
    const at = Date.now() + milliseconds;
    if (timer && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(() => void ask(), milliseconds);
  };
  room.heard.addEventListener("section", (event) => {
    if ((event as CustomEvent<Record<string, unknown>>).detail["section"] !== config.section) within(LATER);
  });
  room.heard.addEventListener("outline", () => within(SOON));
  room.heard.addEventListener("resync", () => within(SOON));
}

/** A section that is removed while somebody writes in it: the words are handed back, and only that. */
import { EditorState } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import type { Rescued } from "../room/keep.ts";
import { type Opened } from "../room/open.ts";
import { collaboration } from "../room/connection.ts";
import { Session, type Surface } from "../room/session.ts";
import type { Answer, Wire } from "../room/wire.ts";
import { Authority } from "../simulation/authority.ts";
import { Device } from "../simulation/device.ts";
import { doc, p } from "./builders.ts";

const PLACES = { documentUrl: "/document", stepsUrl: "/steps", canEdit: true };
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

function wireTo(authority: Authority): { wire: Wire; remove(): void } {
  let gone = false;
  const ask = async (method: string, url: string, body: unknown): Promise<Answer> => {
    if (gone) return { status: 410, body: { error: "This section has been removed.", code: "removed" }, retryAfter: 0 };
    return { retryAfter: 0, ...(await authority.answer({ method, url, body: body as never, user: "" })) };
  };
  const wire = { get: (url: string) => ask("GET", url, null), post: (url: string, body: unknown) => ask("POST", url, body) };
  return { wire: wire as unknown as Wire, remove: () => void (gone = true) };
}

async function open(wire: Wire, device: Device): Promise<{ session: Session; surface: Surface; offered: Rescued[] }> {
  const offered: Rescued[] = [];
  const surface = {
    state: EditorState.create({ doc: doc(p("start")) }),
    show: (state: EditorState) => void (surface.state = state),
    plugins: ({ version, client }: Opened) => [collaboration(version, client)],
    report: () => undefined,
    offer: (rescued: Rescued) => void offered.push(rescued),
    say: () => undefined,
  };
  const session = new Session(surface, wire, PLACES, device.page("page"));
  const opened = await session.open();
  const { state, lost } = session.begin(opened);
  surface.state = state;
  session.connect(opened, lost);
  await wait(20);
  return { session, surface, offered };
}

describe("a section removed under one's hands", () => {
  it("gives the words back once: they do not come into the text as well when it is brought back", async () => {
    const device = new Device();
    const { wire, remove } = wireTo(new Authority(doc(p("start"))));
    const { session, surface, offered } = await open(wire, device);
    remove();
    session.dispatch(surface.state.tr.insertText("mine ", 1));
    // Longer than the device waits before it writes down what is not saved.
    await wait(400);
    await session.keepNow();
    expect(offered.map(({ reason, words }) => [reason, words])).toEqual([["removed", "mine start"]]);
    expect([device.words.size, device.steps.size]).toEqual([1, 0]);
    expect(session.safe).toBe(true);
  });
});

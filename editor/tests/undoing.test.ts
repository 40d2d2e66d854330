/** Undoing a decision about a suggestion, whatever comes first: its answer, its steps, the next decision, or nothing. */
import { history } from "prosemirror-history";
import type { Node } from "prosemirror-model";
import { EditorState, type Transaction } from "prosemirror-state";
import { beforeEach, describe, expect, it } from "vitest";
import { call } from "../engine/index.ts";
import { guard } from "../plugins/guard.ts";
import { ids } from "../plugins/ids.ts";
import { collaboration, Connection, type Host } from "../room/connection.ts";
import type { Room } from "../room/room.ts";
import type { Answer, Wire } from "../room/wire.ts";
import { SCHEMA_VERSION } from "../schema.ts";
import { Authority } from "../simulation/authority.ts";
import type { Decision } from "../suggestions.ts";
import { Suggesting } from "../suggesting/room.ts";
import { doc, p, suggested } from "./builders.ts";

const START = doc(p("One ", suggested("insertion", "first", "and "), "two ", suggested("insertion", "other", "and "), "three"));
const soon = (): Promise<void> => new Promise((done) => setTimeout(done, 30));
const part = (told: string): string => told.slice(1);

interface Decided {
  readonly client: string;
  readonly before: number;
  readonly after: number;
  readonly how: Decision;
}

/** The server: what it does is done when it is asked; when the page hears of it is the test's to say. */
class Server {
  readonly authority = new Authority(START);
  readonly decisions: Decided[] = [];
  /** Answers under way, in the order asked: deliver or lose them. */
  readonly late: { deliver(): void; lose(): void }[] = [];
  taken = 0;

  async #store(client: string, steps: unknown[]): Promise<number> {
    const { version } = this.authority;
    const body = { version, client, key: crypto.randomUUID(), schema: SCHEMA_VERSION, steps };
    expect((await this.authority.answer({ method: "POST", url: "/steps", body, user: "" })).status).toBe(200);
    return this.authority.version;
  }

  async #text(): Promise<string> {
    return JSON.stringify((await this.authority.stored()).doc);
  }

  async #decide(sent: Record<string, unknown>): Promise<Answer> {
    const how = sent["decision"] === "accepted" ? "accept" : "reject";
    const before = this.authority.version;
    const decisions = Object.fromEntries((sent["suggestions"] as string[]).map((id) => [id, how]));
    const steps = JSON.parse(part(call("edit", [await this.#text(), JSON.stringify([{ op: "resolve", decisions }])]))) as unknown[];
    if (!steps.length) return { status: 409, body: { error: "They are no longer in the text." }, retryAfter: 0 };
    const client = `${String(sent["decision"])}-${String(sent["key"])}`;
    const after = await this.#store(client, steps);
    this.decisions.push({ client, before, after, how });
    return { status: 200, body: { count: 1, version: after, undo: { before, after } }, retryAfter: 0 };
  }

  async #undo({ before, after }: { before: number; after: number }): Promise<Answer> {
    const decided = this.decisions.find((each) => each.before === before && each.after === after)!;
    const all = this.authority.stored_.map(({ step }) => step);
    const text = part(call("replay", [JSON.stringify(START.toJSON()), JSON.stringify(all.slice(0, before))]));
    const made = JSON.parse(part(call("takeBack", [text, `[${all.slice(before, after).join()}]`, `[${all.slice(after).join()}]`, decided.how]))) as { steps: string[] };
    this.taken++;
    return { status: 200, body: { count: 1, version: await this.#store("server", made.steps.map((step) => JSON.parse(step) as unknown)) }, retryAfter: 0 };
  }

  async #post(url: string, body: Record<string, unknown>): Promise<Answer> {
    if (url === "/steps") return { retryAfter: 0, ...(await this.authority.answer({ method: "POST", url, body, user: "" })) };
    const told = "undo" in body ? await this.#undo(body["undo"] as never) : await this.#decide(body);
    return new Promise((deliver, lose) => this.late.push({ deliver: () => deliver(told), lose: () => lose(new TypeError("no answer")) }));
  }

  async #get(url: string): Promise<Answer> {
    if (url === "/suggestions") return { status: 200, body: { pending: {}, decided: [] }, retryAfter: 0 };
    return { retryAfter: 0, ...(await this.authority.answer({ method: "GET", url, body: null, user: "" })) };
  }

  wire(): Wire {
    return { get: (url: string) => this.#get(url), post: (url: string, body: Record<string, unknown>) => this.#post(url, body) } as unknown as Wire;
  }
}

class Page implements Host {
  state = EditorState.create({ doc: START, plugins: [history(), collaboration(0, "me"), guard(), ids()] });
  readonly said: string[] = [];
  readonly connection: Connection;
  readonly suggesting: Suggesting;

  constructor(server: Server) {
    const wire = server.wire();
    this.connection = new Connection(this, wire, "/steps", "me", START, null);
    const config = { suggestionsUrl: "/suggestions", right: "edit" };
    const view = { focus: () => undefined, dispatch: (tr: Transaction) => this.dispatch(tr) };
    Object.defineProperty(view, "state", { get: () => this.state });
    const room = { config, wire, view, connection: this.connection, say: (sentence: string) => void this.said.push(sentence) };
    this.suggesting = new Suggesting(room as unknown as Room);
    void this.connection.run();
  }

  dispatch(tr: Transaction): void {
    this.state = this.state.apply(tr);
    if (tr.docChanged) this.connection.typed();
  }

  report(): void {}
  removed(): void {}
  found(): void {}
  handBack(reason: string): void {
    throw new Error(reason);
  }

  get text(): string {
    const shown: string[] = [];
    this.state.doc.descendants((node: Node) => void (node.isText && shown.push(node.marks.length ? `+${node.text!}+` : node.text!)));
    return shown.join("");
  }

  get can(): boolean {
    return this.suggesting.undoing.can(this.state);
  }

  async hear(): Promise<void> {
    this.connection.wake();
    await soon();
  }
}

describe("undoing a decision", () => {
  let server: Server;
  let page: Page;
  const decide = async (id: string, how: Decision = "accept"): Promise<void> => {
    void page.suggesting.decide(how, [id]);
    await soon();
  };
  const undo = async (): Promise<void> => {
    page.suggesting.undoing.run();
    await soon();
  };
  beforeEach(() => {
    server = new Server();
    page = new Page(server);
    return () => page.connection.stop();
  });

  it("can be had from the moment it is made, before its answer and before its steps", async () => {
    expect(page.can).toBe(false);
    await decide("first");
    expect(page.can).toBe(true);
    await undo();
    expect(server.taken).toBe(0);
    server.late[0]!.deliver();
    await soon();
    expect(server.taken).toBe(1);
    server.late[1]!.deliver();
    await page.hear();
    expect(page.text).toBe("One +and +two +and +three");
    expect(page.can).toBe(false);
  });

  it("can be had of the next decision though the one before is still being taken back", async () => {
    await decide("first");
    server.late[0]!.deliver();
    await undo();
    await page.hear();
    expect(page.text).toBe("One +and +two +and +three");
    await decide("first");
    await page.hear();
    expect(page.can).toBe(true);
    // The older answer comes last.
    server.late[2]!.deliver();
    await soon();
    server.late[1]!.deliver();
    await soon();
    expect(page.can).toBe(true);
    await undo();
    expect(server.taken).toBe(2);
  });

  it("can be had though its answer was lost, as soon as its steps are heard of", async () => {
    await decide("first");
    server.late[0]!.lose();
    await soon();
    expect(page.said).toEqual(["No answer came. Whether this was decided shows once there is a connection again."]);
    await page.hear();
    expect(page.text).toBe("One and two +and +three");
    expect(page.can).toBe(true);
    await undo();
    server.late[1]!.deliver();
    await page.hear();
    expect(page.text).toBe("One +and +two +and +three");
  });

  it("is asked for again where its answer was lost on the way", async () => {
    await decide("first");
    server.late[0]!.deliver();
    await undo();
    server.late[1]!.lose();
    await soon();
    expect(page.can).toBe(true);
  });

  it("leaves nothing to undo where the decision was refused", async () => {
    await decide("nobody's");
    server.late[0]!.deliver();
    await soon();
    expect(page.can).toBe(false);
    expect(page.said).toEqual(["They are no longer in the text."]);
  });

  it("keeps the order of two decisions and of what was typed between, pressed quickly", async () => {
    await decide("first");
    page.dispatch(page.state.tr.insertText("Now ", 1));
    await page.hear();
    await decide("other", "reject");
    server.late.forEach(({ deliver }) => deliver());
    await page.hear();
    expect(page.text).toBe("Now One and two three");
    await undo();
    expect(server.taken).toBe(1);
    page.suggesting.undoing.run();
    page.suggesting.undoing.run();
    expect(page.text).not.toContain("Now");
    await soon();
    server.late[2]!.deliver();
    await soon();
    await soon();
    server.late[3]!.deliver();
    await page.hear();
    expect(page.text).toBe("One +and +two +and +three");
    expect(page.can).toBe(false);
  });

  it("takes back what was typed after a decision first, though the decision has no answer yet", async () => {
    await decide("first");
    page.dispatch(page.state.tr.insertText("Often ", 1));
    await undo();
    expect(page.text).not.toContain("Often");
    expect(page.can).toBe(true);
    expect(server.taken).toBe(0);
  });
});

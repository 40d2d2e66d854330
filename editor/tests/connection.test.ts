/** The loop that saves, against a server that fails in every way it can. */
import { sendableSteps } from "prosemirror-collab";
import { EditorState, type Transaction } from "prosemirror-state";
import { beforeEach, describe, expect, it } from "vitest";
import { collaboration, Connection, type Host, type SaveState } from "../room/connection.ts";
import type { Found } from "../room/reconcile.ts";
import type { Answer, Wire } from "../room/wire.ts";
import { documentHash } from "../hash.ts";
import { guard } from "../plugins/guard.ts";
import { ids } from "../plugins/ids.ts";
import { Authority } from "../simulation/authority.ts";
import { doc, p } from "./builders.ts";

type Fault = Answer | "lost-before" | "lost-after";
type Sent = { version: number; key: string; client: string; steps: unknown[] };

class Server {
  readonly faults: Fault[] = [];
  readonly keys: string[] = [];
  readonly authority: Authority;

  constructor(readonly start = doc(p("start"))) {
    this.authority = new Authority(start);
  }

  async #ask(method: string, url: string, body: Sent | null): Promise<Answer> {
    return { retryAfter: 0, ...(await this.authority.answer({ method, url, body: body as never, user: "" })) };
  }

  async #post(body: Sent): Promise<Answer> {
    this.keys.push(body.key);
    const next = this.faults.shift();
    if (next === "lost-before") throw new TypeError("no line");
    if (next && next !== "lost-after") return next;
    const told = await this.#ask("POST", "/steps", body);
    if (next === "lost-after") throw new TypeError("no answer");
    return told;
  }

  wire(): Wire {
    return { get: (url: string) => this.#ask("GET", url, null), post: (_url: string, body: Sent) => this.#post(body) } as unknown as Wire;
  }
}

const answer = (status: number, body: Record<string, unknown> = {}): Answer => ({ status, body, retryAfter: 0 });

class Page implements Host {
  state: EditorState;
  readonly reports: SaveState[] = [];
  readonly reconciled: (Found & { far: boolean })[] = [];
  handed = "";
  readonly connection: Connection;

  constructor(server: Server, client: string) {
    this.state = EditorState.create({ doc: server.start, plugins: [collaboration(0, client), guard(), ids()] });
    this.connection = new Connection(this, server.wire(), "/steps", client, server.start, null);
    void this.connection.run();
  }

  dispatch(transaction: Transaction): void {
    this.state = this.state.apply(transaction);
  }

  report(state: SaveState): void {
    this.reports.push(state);
  }

  handBack(reason: string, sentence: string): void {
    this.handed = `${reason} ${sentence}`.trim();
  }

  removed(sentence: string): void {
    this.handed = `removed ${sentence}`;
  }

  found(found: Found, far: boolean): void {
    this.reconciled.push({ ...found, far });
  }

  type(text: string): void {
    this.dispatch(this.state.tr.insertText(text, 1));
    this.connection.wake();
  }

  async until(kind: string): Promise<void> {
    for (let i = 0; i < 400 && this.reports.at(-1)?.kind !== kind; i++) await new Promise((done) => setTimeout(done, 10));
    expect(this.reports.at(-1)?.kind).toBe(kind);
  }

  async saved(): Promise<void> {
    for (let i = 0; i < 400 && sendableSteps(this.state); i++) await new Promise((done) => setTimeout(done, 10));
    await this.until("saved");
  }
}

describe("saving", () => {
  let server: Server;
  let page: Page;
  beforeEach(() => {
    server = new Server();
    page = new Page(server, "me");
  });

  it("says saved only when the server has it", async () => {
    page.type("new ");
    await page.saved();
    expect(server.authority.hash).toBe(documentHash(page.state.doc));
    page.connection.stop();
  });

  it("rebases over what others wrote meanwhile", async () => {
    const other = new Page(server, "other");
    other.type("theirs ");
    await other.saved();
    page.type("mine ");
    await page.saved();
    expect(page.state.doc.textContent).toContain("theirs");
    expect(page.state.doc.textContent).toContain("mine");
    expect(server.authority.hash).toBe(documentHash(page.state.doc));
    page.connection.stop();
    other.connection.stop();
  });

  it.each(["lost-before", "lost-after"] as const)("comes through a request %s without doubling a word", async (fault) => {
    server.faults.push(fault);
    page.type("once ");
    await page.until("offline");
    expect(page.reports.at(-1)).toEqual({ kind: "offline", changes: 1 });
    await page.saved();
    expect(page.state.doc.textContent.match(/once/g)).toHaveLength(1);
    expect(server.authority.hash).toBe(documentHash(page.state.doc));
    expect(new Set(server.keys).size).toBe(1);
    page.connection.stop();
  });

  it.each([429, 500, 502, 503])("tries again after %i", async (status) => {
    server.faults.push(answer(status));
    page.type("late ");
    await page.until("offline");
    await page.saved();
    page.connection.stop();
  });

  it.each([400, 413, 422])("hands the words back after %i", async (status) => {
    server.faults.push(answer(status, { error: "No." }));
    page.type("mine ");
    for (let i = 0; i < 100 && !page.handed; i++) await new Promise((done) => setTimeout(done, 10));
    expect(page.handed).toBe("refused No.");
  });

  it("waits for a sign-in, and stops at a page that is out of date", async () => {
    server.faults.push(answer(401));
    page.type("a ");
    await page.until("signed-out");
    server.faults.push(answer(410, { code: "schema" }));
    page.connection.wake();
    await page.until("gone");
  });

  it("asks for a new token before it believes that it may not write", async () => {
    server.faults.push(answer(403));
    page.type("a ");
    await page.saved();
    server.faults.push(answer(403, { error: "Closed." }), answer(403, { error: "Closed." }));
    page.type("b ");
    await page.until("forbidden");
    expect(page.reports.at(-1)).toEqual({ kind: "forbidden", sentence: "Closed." });
    page.connection.stop();
  });

  it("notices that it has come apart from the server", async () => {
    server.faults.push(answer(200, { version: 1, hash: "another" }));
    page.type("a");
    for (let i = 0; i < 100 && !page.handed; i++) await new Promise((done) => setTimeout(done, 10));
    expect(page.handed).toBe("diverged");
  });
});

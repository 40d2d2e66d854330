/** The writing room: mounts the editor on the page, connects it, and keeps what is typed. */
import { sendableSteps } from "prosemirror-collab";
import { EditorState, type Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { findBlock } from "./offsets.ts";
import { RELABEL } from "./plugins/labels.ts";
import { readConfig } from "./room/config.ts";
import { Connection, type Host, type SaveState } from "./room/connection.ts";
import { el } from "./room/dom.ts";
import { Keeper } from "./room/keep.ts";
import { listen } from "./room/live.ts";
import { CannotOpen, type Opened, openSection } from "./room/open.ts";
import { type People, people } from "./room/people.ts";
import { plugins } from "./room/plugins.ts";
import { offerBack, unsavedWords, wordsOf } from "./room/rescue.ts";
import type { Room } from "./room/room.ts";
import { theSide } from "./room/side.ts";
import { Sources } from "./room/sources.ts";
import { status } from "./room/status.ts";
import { setStrings, t } from "./room/strings.ts";
import { toolbar } from "./room/toolbar.ts";
import { Wire } from "./room/wire.ts";
import { nodeViews } from "./views/index.ts";

/** How long after the last keystroke the device writes down what is not saved yet. */
const KEEP_AFTER = 250;

function citedKeys(state: EditorState): string[] {
  const keys: string[] = [];
  state.doc.descendants((node) => {
    if (node.type.name === "citation") for (const item of node.attrs["items"] as { source: string }[]) keys.push(item.source);
  });
  return keys;
}

function showThread(thread: string): void {
  const card = document.getElementById(`thread-${thread}`);
  if (!card) return;
  theSide().reveal(card);
  card.scrollIntoView({ block: "center" });
  if (!card.hasAttribute("tabindex")) card.tabIndex = -1;
  card.focus({ preventScroll: true });
}

function showBlock(view: EditorView, id: string): boolean {
  const found = findBlock(view.state.doc, id);
  const dom = found && view.nodeDOM(found.position);
  if (!(dom instanceof HTMLElement)) return false;
  dom.scrollIntoView({ block: "center" });
  dom.classList.add("shown");
  setTimeout(() => dom.classList.remove("shown"), 2_000);
  return true;
}

function cannotOpen(error: CannotOpen | TypeError): SaveState {
  const status = error instanceof CannotOpen ? error.status : 0;
  if (status === 404 || status === 410) return { kind: "gone" };
  if (status === 401) return { kind: "signed-out" };
  return status === 403 ? { kind: "forbidden", sentence: error.message } : { kind: "offline", changes: 0 };
}

class WritingRoom {
  readonly #element: HTMLElement;
  readonly #place: HTMLElement;
  readonly #room: Room;
  readonly #status;
  readonly #live = el("div", { class: "visually-hidden", "aria-live": "polite" });
  #keeper: Keeper | null = null;
  #keepTimer: ReturnType<typeof setTimeout> | undefined;
  #people: People | undefined;
  #hearing = false;
  #update: (state: EditorState) => void = () => undefined;

  constructor(element: HTMLElement) {
    const config = readConfig(element);
    setStrings(config.strings);
    this.#element = element;
    this.#place = element.querySelector<HTMLElement>("#editor")!;
    this.#status = status(() => this.#keeper !== null, config.signinUrl);
    const wire = new Wire(element.dataset["csrf"] ?? "");
    const sources = new Sources(wire, config.sourcesUrl);
    const say = (sentence: string): void => void (this.#live.textContent = sentence);
    this.#room = { config, wire, sources, say, view: undefined as never, connection: undefined as never };
    sources.onLearnt(() => this.#room.view.dispatch(this.#room.view.state.tr.setMeta(RELABEL, true)));
  }

  #bar(): HTMLElement {
    const bar = this.#element.querySelector<HTMLElement>("#writing-bar") ?? el("div", { id: "writing-bar", role: "region", "aria-label": t("toolbar") });
    if (!bar.isConnected) this.#element.prepend(bar);
    bar.classList.add("writing-bar");
    return bar;
  }

  /** Where the page wants the save state: in its own bar, which never scrolls away, or in ours. */
  #facts(): HTMLElement {
    return document.getElementById("writing-state") ?? this.#bar();
  }

  async start(): Promise<void> {
    const { config, wire } = this.#room;
    this.#facts().append(this.#status.dom);
    this.#element.append(this.#live);
    theSide();
    if (!config.sharedDevice && config.canEdit) this.#keeper = await Keeper.open(`${config.user}/${config.section}`);
    this.#mount(await this.#openPatiently(wire));
    this.#listen();
  }

  /** The text must come, sooner or later: a page opened in a tunnel waits for the light. */
  async #openPatiently(wire: Wire): Promise<Opened> {
    for (let tries = 0; ; tries++) {
      try {
        return await openSection(wire, this.#room.config.documentUrl, this.#keeper);
      } catch (error) {
        if (!(error instanceof CannotOpen || error instanceof TypeError)) throw error;
        const state = cannotOpen(error);
        this.#status.show(state);
        // Waiting will not bring this page its text; the sentence on screen says what will.
        if (state.kind === "gone" || state.kind === "forbidden") await new Promise(() => undefined);
        await new Promise((done) => setTimeout(done, Math.min(30_000, 1000 * 2 ** tries)));
      }
    }
  }

  #state(opened: Opened): EditorState {
    const refused = (refusal: Error): void => this.#room.say(t("refused", { reason: refusal.message }));
    let state = EditorState.create({ doc: opened.base, plugins: plugins(this.#room, opened, showThread, refused) });
    try {
      const tr = state.tr;
      for (const step of opened.steps) tr.step(step);
      if (tr.docChanged) state = state.applyTransaction(tr).state;
    } catch {
      // What was kept does not fit what was kept beside it: the words below are all that is left.
    }
    if (opened.steps.length && !sendableSteps(state)) this.#lost = opened.words || wordsOf(opened.steps);
    else if (!opened.steps.length) this.#lost = opened.words;
    return state;
  }

  #lost = "";

  #mount(opened: Opened): void {
    const { config } = this.#room;
    this.#place.replaceChildren();
    const attributes = {
      "aria-label": t("text_label"),
      "aria-multiline": "true",
      role: "textbox",
      lang: config.language,
      spellcheck: "true",
      class: "sheet-text",
    };
    this.#room.view = new EditorView(this.#place, {
      state: this.#state(opened),
      editable: () => config.canEdit,
      attributes,
      nodeViews: nodeViews(this.#room),
      dispatchTransaction: (transaction) => this.#dispatch(transaction),
    });
    this.#connect(opened);
    const bar = toolbar(this.#room);
    this.#people = people(this.#room);
    this.#update = bar.update;
    const crowd = document.getElementById("writing-people") ?? this.#bar();
    crowd.append(this.#people.dom);
    this.#bar().prepend(bar.dom);
    this.#stick();
    bar.update(this.#room.view.state);
    if (this.#lost) offerBack(this.#room, this.#place, this.#lost, "");
    void this.#room.sources.resolve(citedKeys(this.#room.view.state));
    void this.#room.connection.run();
  }

  /** The toolbar stays below the page's own bar, and the columns below the toolbar, whatever their heights. */
  #stick(): void {
    const heights = { "--roombar": document.querySelector<HTMLElement>(".roombar"), "--tools": this.#bar() };
    const measure = (): void => {
      for (const [name, bar] of Object.entries(heights)) this.#element.style.setProperty(name, `${bar?.offsetHeight ?? 0}px`);
    };
    const observer = new ResizeObserver(measure);
    for (const bar of Object.values(heights)) if (bar) observer.observe(bar);
  }

  #connect(opened: Opened): void {
    const view = this.#room.view;
    const host: Host = {
      get state() {
        return view.state;
      },
      dispatch: (transaction) => view.dispatch(transaction),
      report: (state) => this.#report(state),
      handBack: (reason, sentence) => void this.#handBack(reason, sentence),
    };
    const { connection } = this.#room as Partial<Room>;
    connection?.stop();
    this.#room.connection = new Connection(host, this.#room.wire, this.#room.config.stepsUrl, opened.client, opened.base, opened.pending);
    this.#room.connection.live = this.#hearing;
    this.#client = opened.client;
  }

  #client = "";

  #dispatch(transaction: Transaction): void {
    const view = this.#room.view;
    const { state, transactions } = view.state.applyTransaction(transaction);
    view.updateState(state);
    const changed = transactions.some(({ docChanged }) => docChanged);
    if (changed && sendableSteps(state)) {
      // At once, not when the loop comes round to it: "Saved" is never shown over unsaved words.
      if (this.#shown === "saved") this.#report({ kind: "saving" });
      this.#room.connection.wake();
      this.#keepSoon();
    }
    if (changed) void this.#room.sources.resolve(citedKeys(state));
    this.#update(state);
    this.#people?.moved();
  }

  #shown: SaveState["kind"] = "saving";

  #report(state: SaveState): void {
    this.#shown = state.kind;
    this.#status.show(state);
    if (state.kind === "saved") {
      clearTimeout(this.#keepTimer);
      void this.#keeper?.forget(this.#client);
    }
  }

  #keepSoon(): void {
    clearTimeout(this.#keepTimer);
    this.#keepTimer = setTimeout(() => this.#keepNow(), KEEP_AFTER);
  }

  #keepNow(): void {
    const { connection, view } = this.#room;
    const sendable = sendableSteps(view.state);
    if (!sendable || !this.#keeper) return;
    void this.#keeper.keep({
      client: this.#client,
      version: sendable.version,
      base: connection.base.toJSON() as unknown,
      steps: sendable.steps.map((step) => step.toJSON() as unknown),
      pending: connection.pending,
      words: unsavedWords(view.state),
      at: Date.now(),
    });
  }

  /** The stored text is loaded again; what could not be stored is offered back beside it. */
  async #handBack(reason: "refused" | "diverged", sentence: string): Promise<void> {
    const words = unsavedWords(this.#room.view.state);
    // Forgotten only once the stored text is there: until then the device's copy is the only other one.
    const refused = this.#client;
    const opened = await this.#openPatiently(this.#room.wire);
    await this.#keeper?.forget(refused);
    this.#room.view.updateState(this.#state(opened));
    this.#connect(opened);
    void this.#room.connection.run();
    const why = reason === "diverged" ? t("diverged") : t("refused", { reason: sentence });
    if (words) offerBack(this.#room, this.#place, words, why);
    else this.#room.say(why);
  }

  #listen(): void {
    const { config } = this.#room;
    listen(config.liveUrl, {
      open: (open) => {
        this.#hearing = open;
        this.#room.connection.live = open;
        if (open) this.#room.connection.wake();
      },
      event: (name, data) => {
        if (name === "section" && data["section"] === config.section) this.#room.connection.hear(Number(data["version"]));
        if (name === "resync") this.#room.connection.wake();
        if (name === "presence") this.#people?.hear(data);
      },
    });
    const look = (): void => this.#room.connection.wake();
    addEventListener("online", look);
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? look() : this.#keepNow()));
    addEventListener("beforeunload", (event) => {
      this.#keepNow();
      if (!this.#keeper && this.#room.connection.unsaved) event.preventDefault();
    });
    document.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLElement>("[data-show-block]");
      if (link && showBlock(this.#room.view, link.dataset["showBlock"]!)) event.preventDefault();
    });
  }
}

const element = document.getElementById("writing-room");
if (element) void new WritingRoom(element).start();

/** The writing room: mounts the editor on the page, connects it, and keeps what is typed. */
import type { EditorState, Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import type { Node } from "prosemirror-model";
import { loadDialogs } from "./dialogs/lazily.ts";
import { RELABEL } from "./plugins/labels.ts";
import { readConfig } from "./room/config.ts";
import { el } from "./room/dom.ts";
import { Keeper } from "./room/keep.ts";
import { followNumbers } from "./room/elsewhere.ts";
import { listen } from "./room/live.ts";
import type { Opened } from "./room/open.ts";
import { type People, people } from "./room/people.ts";
import { plugins } from "./room/plugins.ts";
import { offerBack, reasonWords } from "./room/rescue.ts";
import type { Room } from "./room/room.ts";
import { Session, type Surface } from "./room/session.ts";
import { theSide } from "./room/side.ts";
import { registerPanels } from "./room/panels.ts";
import { showSpot, spotOf } from "./room/spot.ts";
import { Sources } from "./room/sources.ts";
import { status } from "./room/status.ts";
import { setStrings, t } from "./room/strings.ts";
import { toolbar } from "./room/toolbar.ts";
import { Wire } from "./room/wire.ts";
import { Suggesting } from "./suggesting/room.ts";
import { nodeViews } from "./views/index.ts";

/** Remembered per block: a letter changes one, and all are asked after each. */
const cited = new WeakMap<Node, readonly string[]>();

function citedIn(block: Node): readonly string[] {
  let keys = cited.get(block);
  if (!keys) {
    const found: string[] = [];
    block.descendants((node) => {
      if (node.type.name === "citation") for (const item of node.attrs["items"] as { source: string }[]) found.push(item.source);
    });
    keys = found;
    cited.set(block, keys);
  }
  return keys;
}

const citedKeys = ({ doc }: EditorState): string[] => doc.children.flatMap(citedIn);

/** So far from the bars the line being written stays, in pixels. */
const CLEAR = 20;

const showThread = (thread: string): void => void import("./room/talk.ts").then(({ showCard }) => showCard(thread));

class WritingRoom {
  readonly #element: HTMLElement;
  readonly #place: HTMLElement;
  readonly #room: Room;
  readonly #status;
  readonly #live = el("div", { class: "room-said", "aria-live": "polite" });
  #silent: ReturnType<typeof setTimeout> | undefined;
  #session: Session = undefined as never;
  #people: People | undefined;
  readonly #suggesting: Suggesting;
  #update: (state: EditorState) => void = () => undefined;

  constructor(element: HTMLElement) {
    const config = readConfig(element);
    setStrings(config.strings);
    this.#element = element;
    this.#place = element.querySelector<HTMLElement>("#editor")!;
    this.#status = status(config.signinUrl);
    const wire = new Wire(element.dataset["csrf"] ?? "", config.user);
    const sources = new Sources(wire, config.sourcesUrl);
    const say = (sentence: string): void => this.#say(sentence);
    const connection = (): Room["connection"] => this.#session.connection;
    const suggesting = (): Suggesting => this.#suggesting;
    this.#room = {
      ...{ config, wire, sources, say, view: undefined as never, heard: new EventTarget() },
      get connection() {
        return connection();
      },
      get suggesting() {
        return suggesting();
      },
    };
    this.#suggesting = new Suggesting(this.#room);
    sources.onLearnt(() => this.#room.view.dispatch(this.#room.view.state.tr.setMeta(RELABEL, true)));
  }

  /** Read out, and on screen long enough to be read twice. */
  #say(sentence: string): void {
    this.#live.textContent = sentence;
    clearTimeout(this.#silent);
    this.#silent = setTimeout(() => this.#live.replaceChildren(), Math.max(6_000, sentence.length * 120));
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
    const keeper = config.sharedDevice ? null : await Keeper.open(`${config.user}/${config.section}`, { href: location.pathname, title: config.title });
    this.#session = new Session(this.#surface(), wire, config, keeper);
    const [opened] = await Promise.all([this.#session.open(), this.#suggesting.ready()]);
    this.#mount(opened);
    this.#listen();
    await this.#session.offerKept();
    this.#beside();
  }

  /** What one can write without: it comes when the text is there. */
  #beside(): void {
    if (document.getElementById("talk-list")) void import("./room/talk.ts").then(({ talk }) => talk(this.#room));
    if (document.querySelector("[data-outline]")) void import("./room/outline.ts").then(({ outline }) => outline(this.#room));
  }

  #surface(): Surface {
    const room = this.#room;
    const refused = (refusal: Error): void => room.say(t("refused", { reason: refusal.message }));
    return {
      get state() {
        return room.view.state;
      },
      show: (state) => this.#show(state),
      plugins: (opened) => plugins(room, opened, showThread, refused),
      report: (state, kept) => this.#status.show(state, kept),
      offer: (rescued) => offerBack(room, this.#place, rescued, () => this.#session.seen(rescued.id)),
      say: (reason, sentence) => room.say(reasonWords(reason, sentence)),
    };
  }

  #mount(opened: Opened): void {
    const { config } = this.#room;
    const { state, lost } = this.#session.begin(opened);
    this.#place.replaceChildren();
    const attributes = {
      "aria-label": t("text_label"),
      "aria-multiline": "true",
      role: "textbox",
      lang: config.language,
      dir: config.direction,
      spellcheck: "true",
      // A browser that translates the page would translate what is being written.
      translate: "no",
      class: "sheet-text",
    };
    this.#room.view = new EditorView(this.#place, {
      state,
      editable: () => config.canEdit && !this.#session.over,
      attributes,
      nodeViews: nodeViews(this.#room),
      dispatchTransaction: (transaction: Transaction) => {
        const made = this.#suggesting.transform(this.#room.view.state, transaction);
        if (made) this.#session.dispatch(made);
      },
    });
    this.#session.connect(opened, lost);
    const bar = toolbar(this.#room);
    this.#people = people(this.#room);
    this.#update = bar.update;
    const crowd = document.getElementById("writing-people") ?? this.#bar();
    crowd.append(this.#people.dom);
    this.#bar().prepend(bar.dom);
    this.#stick();
    bar.update(this.#room.view.state);
    void this.#room.sources.resolve(citedKeys(state));
    registerPanels(this.#room);
    loadDialogs();
    this.#suggesting.look(state);
    followNumbers(this.#room);
    this.#showNamed();
    addEventListener("hashchange", () => this.#showNamed());
  }

  /** An address may name a block or words in it: what was found from another page. */
  #showNamed(): void {
    const named = spotOf(location.hash);
    if (named) showSpot(this.#room.view, named);
  }

  /**
   * The toolbar stays below the page's own bar, and the columns below the toolbar, whatever their heights.
   * The line being written stays clear of both, and of the sentence at the bottom that tells what happened.
   */
  #stick(): void {
    const heights = { "--roombar": document.querySelector<HTMLElement>(".roombar"), "--tools": this.#bar() };
    const measure = (): void => {
      for (const [name, bar] of Object.entries(heights)) this.#element.style.setProperty(name, `${bar?.offsetHeight ?? 0}px`);
      const above = Object.values(heights).reduce((sum, bar) => sum + (bar?.offsetHeight ?? 0), 0);
      const clear = { top: above + CLEAR, bottom: 4 * CLEAR, left: 0, right: 0 };
      this.#room.view.setProps({ scrollMargin: clear, scrollThreshold: clear });
      // Where the browser moves the cursor itself, it scrolls by its own rule.
      document.documentElement.style.scrollPaddingBlock = `${clear.top}px ${clear.bottom}px`;
    };
    const observer = new ResizeObserver(measure);
    for (const bar of Object.values(heights)) if (bar) observer.observe(bar);
  }

  #show(state: EditorState): void {
    const { view } = this.#room;
    const changed = view.state.doc !== state.doc;
    view.updateState(state);
    if (changed) void this.#room.sources.resolve(citedKeys(state));
    this.#update(state);
    this.#people?.moved();
    this.#suggesting.look(state);
  }

  #listen(): void {
    const { config } = this.#room;
    listen(config.liveUrl, {
      open: (open) => {
        this.#session.live = open;
        if (open) this.#room.connection.wake();
      },
      event: (name, data) => {
        if (name === "section" && data["section"] === config.section) this.#room.connection.hear(Number(data["version"]));
        if (name === "resync") this.#room.connection.wake();
        if (name === "presence") this.#people?.hear(data);
        this.#room.heard.dispatchEvent(new CustomEvent(name, { detail: data }));
      },
    });
    const look = (): void => this.#room.connection.wake();
    addEventListener("online", look);
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? look() : void this.#session.keepNow()));
    addEventListener("pagehide", () => void this.#session.keepNow());
    addEventListener("beforeunload", (event) => {
      void this.#session.keepNow();
      if (!this.#session.safe) event.preventDefault();
    });
    document.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLElement>("[data-show-block]");
      if (link && showSpot(this.#room.view, { block: link.dataset["showBlock"]!, start: 0, end: 0 })) event.preventDefault();
    });
  }
}

const element = document.getElementById("writing-room");
if (element) void new WritingRoom(element).start();

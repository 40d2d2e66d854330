/**
 * The comments beside the text: the page's own forms, sent without leaving it. What others say appears
 * as it is said; what is being typed into a reply stays.
 */
import { threadsKey } from "../plugins/threads.ts";
import { serveMentions } from "../mentions.ts";
import type { ThreadAnchor } from "./config.ts";
import { el } from "./dom.ts";
import type { Room } from "./room.ts";
import { theSide } from "./side.ts";
import { t } from "./strings.ts";

/** Several things that happen at once are looked at once. */
const PAUSE = 300;

/** Shows a thread's card and takes the keyboard to it. */
export function showCard(thread: string): boolean {
  const card = document.getElementById(`thread-${thread}`);
  if (!card) return false;
  theSide().reveal(card);
  card.scrollIntoView({ block: "center" });
  if (!card.hasAttribute("tabindex")) card.tabIndex = -1;
  card.focus({ preventScroll: true });
  return true;
}

class Talk {
  readonly #room: Room;
  readonly #panel: HTMLElement;
  readonly #list: HTMLElement;
  readonly #url: string;
  #show = "";
  #page = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(room: Room, list: HTMLElement) {
    this.#room = room;
    this.#list = list;
    this.#panel = list.closest<HTMLElement>("[data-panel]") ?? list;
    this.#url = this.#panel.querySelector<HTMLFormElement>("#comment-form")?.action ?? "";
    this.#show = this.#panel.querySelector<HTMLSelectElement>("#talk-show")?.value ?? "";
    this.#panel.addEventListener("submit", (event) => this.#submit(event));
    this.#panel.addEventListener("click", (event) => this.#click(event));
    this.#panel.addEventListener("change", (event) => this.#choose(event));
    // Back to the text, from wherever one answered.
    this.#panel.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && room.view.focus());
    serveMentions(this.#panel);
    this.#panel.querySelector(".talk-show button")?.remove();
    room.heard.addEventListener("talk", (event) => {
      const { section } = (event as CustomEvent<{ section?: string }>).detail;
      if (section === room.config.section) this.#soon();
    });
    room.heard.addEventListener("resync", () => this.#soon());
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), PAUSE);
  }

  /** The list as it is now; `thread` is in it whatever is shown. */
  async look(thread = ""): Promise<void> {
    if (!this.#url) return;
    const asked = new URLSearchParams({ show: this.#show, page: this.#page, thread });
    // Where words stand is told for the stored text: what was typed last is stored first.
    await this.#room.connection.settled(2_000);
    try {
      const { status, body } = await this.#room.wire.get(`${this.#url}?${asked}`);
      if (status === 200) this.#draw(body);
    } catch {
      // Without a connection the comments stay as they were.
    }
  }

  #draw(body: Readonly<Record<string, unknown>>): void {
    const kept = this.#typed();
    const made = new DOMParser().parseFromString(String(body["html"]), "text/html").body;
    this.#list.replaceChildren(...made.childNodes);
    for (const { id, value, focus, start, end } of kept) {
      const field = document.getElementById(id);
      if (!(field instanceof HTMLTextAreaElement)) continue;
      field.closest("details")?.setAttribute("open", "");
      field.value = value;
      if (focus) field.focus({ preventScroll: true });
      field.setSelectionRange(start, end);
    }
    theSide().setBadge("comments", Number(body["open"] ?? 0));
    const anchors = (body["anchors"] ?? []) as ThreadAnchor[];
    const { view } = this.#room;
    view.dispatch(view.state.tr.setMeta(threadsKey, anchors).setMeta("addToHistory", false));
  }

  /** Replies that are being written. */
  #typed(): { id: string; value: string; focus: boolean; start: number; end: number }[] {
    const fields = [...this.#list.querySelectorAll("textarea")].filter((field) => field.id && (field.value || field === document.activeElement));
    return fields.map((field) => ({ id: field.id, value: field.value, focus: field === document.activeElement, start: field.selectionStart, end: field.selectionEnd }));
  }

  #submit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    // Something else asks first, or it is a search.
    if (event.defaultPrevented || form.method !== "post") return;
    event.preventDefault();
    const data = new FormData(form);
    if (event.submitter instanceof HTMLButtonElement && event.submitter.name) data.set(event.submitter.name, event.submitter.value);
    void this.#send(form, data);
  }

  async #send(form: HTMLFormElement, data: FormData): Promise<void> {
    const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
    if (button?.getAttribute("aria-busy")) return;
    button?.setAttribute("aria-busy", "true");
    form.querySelector(".talk-fault")?.remove();
    const fault = (sentence: string): void => form.append(el("p", { class: "talk-fault", role: "alert" }, sentence));
    try {
      const { status, body } = await this.#room.wire.upload(form.action, data);
      if (status !== 200) return fault(String(body["error"] ?? "") || t("talk_unsent"));
      this.#clear(form);
      const thread = String(body["thread"] ?? "");
      await this.look(thread);
      if (thread) showCard(thread);
    } catch {
      fault(t("talk_unsent"));
    } finally {
      button?.removeAttribute("aria-busy");
    }
  }

  #clear(form: HTMLFormElement): void {
    form.reset();
    for (const field of form.querySelectorAll("textarea")) field.value = "";
    this.#unquote(form);
  }

  /** The comment is about no words in particular. */
  #unquote(form: HTMLFormElement): void {
    for (const field of form.querySelectorAll<HTMLInputElement>("[name=block], [name=start], [name=end]")) field.value = field.name === "block" ? "" : "0";
    for (const shown of form.querySelectorAll<HTMLElement>("[data-quotation], [data-unquote]")) shown.hidden = true;
  }

  #choose(event: Event): void {
    const select = event.target as HTMLSelectElement;
    if (select.id !== "talk-show") return;
    this.#show = select.value;
    this.#page = "";
    void this.look();
  }

  #click(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const other = (event.target as Element).closest<HTMLElement>("[data-unquote]");
    if (other) {
      const form = other.closest("form")!;
      this.#unquote(form);
      form.querySelector("textarea")?.focus();
      return;
    }
    const link = (event.target as Element).closest<HTMLAnchorElement>("a");
    if (!link || !this.#panel.contains(link)) return;
    if (link.dataset["showThread"] && this.showWords(link.dataset["showThread"])) event.preventDefault();
    else if (link.dataset["edit"]) {
      event.preventDefault();
      this.#edit(link);
    } else if (link.closest(".pages")) {
      event.preventDefault();
      this.#page = new URL(link.href).searchParams.get("page") ?? "";
      void this.look();
    }
  }

  /** Scrolls the text to the words of a thread; false when they are not in it. */
  showWords(thread: string): boolean {
    const words = this.#room.view.dom.querySelector<HTMLElement>(`[data-thread="${CSS.escape(thread)}"]`);
    if (!words) return false;
    words.scrollIntoView({ block: "center" });
    const { view } = this.#room;
    view.dispatch(view.state.tr.setMeta(threadsKey, thread).setMeta("addToHistory", false));
    return true;
  }

  /** One's own words become a field in their place. */
  #edit(link: HTMLAnchorElement): void {
    const own = link.closest(".own");
    const said = own?.parentElement?.querySelector<HTMLElement>(":scope > .said");
    if (!own || !said) return;
    const id = `edit-${link.dataset["edit"]}`;
    const field = el("textarea", { id, class: "form-control", name: "body", rows: "3", required: true, "data-mentions": true });
    field.value = said.innerText.trim();
    const save = el("button", { class: "button small" }, t("save"));
    const form = el("form", { method: "post", action: link.href }, el("label", { class: "visually-hidden", for: id }, t("comment")), field, el("div", { class: "actions" }, save));
    const back = (): void => {
      form.remove();
      said.hidden = false;
      own.removeAttribute("hidden");
      link.focus();
    };
    form.querySelector(".actions")!.append(el("button", { type: "button", class: "button link", click: back }, t("cancel")));
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      back();
    });
    said.hidden = true;
    own.setAttribute("hidden", "");
    said.after(form);
    field.focus();
  }
}

export function talk(room: Room): void {
  const list = document.getElementById("talk-list");
  if (!list) return;
  const made = new Talk(room, list);
  const asked = new URLSearchParams(location.search).get("thread");
  if (asked && made.showWords(asked)) showCard(asked);
}

/** The brief's sources beside the text: found, cited, and added by pasting, without leaving the room. */
import { el, uniqueId } from "../room/dom.ts";
import { type Room, run } from "../room/room.ts";
import type { Source } from "../room/sources.ts";
import { t } from "../room/strings.ts";
import { addForm } from "./add.ts";
import { citedIn, citeSource, citeSources, itemOf } from "./cite.ts";

export interface SourcesPanel {
  readonly dom: HTMLElement;
  /** Shows what is cited now. */
  refresh(): Promise<void>;
  /** Takes the keyboard to the field for pasting. */
  add(words: string): void;
}

function row(room: Room, source: Source, count: number, shown: () => void): HTMLElement {
  const cite = (): void => {
    if (run(room, citeSource(source.key))) room.say(t("source_cited", { name: source.label }));
    shown();
  };
  const facts = [source.facts || source.label, count > 1 ? t("source_times", { count }) : count ? t("source_once") : ""].filter(Boolean).join(" · ");
  const title = source.url ? el("a", { href: source.url, target: "_blank", rel: "noopener" }, source.title) : source.title;
  const button = el("button", { type: "button", class: "button quiet small", "aria-label": t("cite_this", { name: source.label }), click: cite }, t("cite_short"));
  return el("li", { class: "source-row" }, el("div", {}, el("p", {}, title), el("p", { class: "meta" }, facts)), ...(room.view.editable ? [button] : []));
}

export function sourcesPanel(room: Room): SourcesPanel {
  const id = uniqueId("sources");
  const input = el("input", { id, class: "form-control", type: "search", autocomplete: "off" });
  const here = el("ul", { class: "source-rows" });
  const found = el("ul", { class: "source-rows" });
  const heading = el("h3", { class: "label" });
  const foundHeading = el("h3", { class: "label" }, t("sources_all"));
  const status = el("p", { class: "meta", role: "status" });
  let asked = 0;

  const draw = async (): Promise<void> => {
    const ask = ++asked;
    const counts = citedIn(room.view.state.doc);
    const query = input.value.trim();
    const [cited, matching] = await Promise.all([room.sources.known([...counts.keys()]), room.sources.find(query)]);
    if (ask !== asked) return;
    const words = query.toLowerCase().split(/\s+/);
    const fits = (source: Source): boolean => words.every((word) => `${source.key} ${source.label} ${source.title} ${source.facts ?? ""}`.toLowerCase().includes(word));
    const listed = [...counts.keys()].flatMap((key) => cited.filter((source) => source.key === key)).filter(fits);
    const others = matching.sources.filter(({ key }) => !counts.has(key));
    heading.textContent = t("sources_here");
    heading.hidden = !listed.length;
    here.replaceChildren(...listed.map((source) => row(room, source, counts.get(source.key) ?? 0, () => void draw())));
    foundHeading.hidden = !others.length;
    found.replaceChildren(...others.map((source) => row(room, source, 0, () => void draw())));
    const more = matching.count - matching.sources.length;
    status.textContent = listed.length || others.length ? (more > 0 ? t("sources_more", { count: more }) : "") : query ? t("nothing_found") : t("sources_none");
  };

  input.addEventListener("input", () => void draw());
  const adding = addForm(room, (added, cite) => {
    room.sources.learn(added);
    if (cite) run(room, citeSources(added.map(({ key }) => itemOf(key))));
    void draw();
  });
  const manage = el("a", { href: room.config.sourcesUrl, target: "_blank", rel: "noopener" }, t("sources_manage"));
  const dom = el(
    "section",
    { class: "panel sources-panel" },
    el("div", { class: "source-find" }, el("label", { for: id, class: "form-label" }, t("search_sources")), input),
    ...(room.config.canEdit ? [adding.dom] : []),
    heading,
    here,
    foundHeading,
    found,
    status,
    el("p", { class: "meta" }, manage),
  );
  return { dom, refresh: draw, add: (words) => adding.open(words) };
}

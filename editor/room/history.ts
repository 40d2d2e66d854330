/** The section's timeline beside the text: the server's own list, fetched anew on each opening. */
import type { Panel } from "../claims/panel.ts";
import { el } from "./dom.ts";
import type { Room } from "./room.ts";
import { t } from "./strings.ts";

export function historyPanel(room: Room): Panel {
  const { historyUrl } = room.config;
  const list = el("div", { class: "side-history" });
  const state = el("p", { class: "meta", role: "status" });
  const dom = el(
    "div",
    {},
    el("p", { class: "actions" }, el("a", { class: "button quiet small", href: `${historyUrl}words/` }, t("history_words")), el("a", { class: "button link", href: historyUrl }, t("history_whole"))),
    state,
    list,
  );
  const panel: Panel = {
    dom,
    refresh: async () => {
      try {
        const answer = await fetch(historyUrl, { headers: { "X-Panel": "history" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const made = document.createElement("template");
        made.innerHTML = await answer.text();
        list.replaceChildren(made.content);
        state.textContent = "";
      } catch {
        state.textContent = t("panel_failed");
      }
    },
  };
  return panel;
}

/** Panels beside the text whose code is loaded when they are first opened. */
import type { Panel } from "../claims/panel.ts";
import type { SourcesPanel } from "../sources/panel.ts";
import type { Room } from "./room.ts";
import { addPanel } from "./side.ts";
import { t } from "./strings.ts";

export function registerPanels(room: Room): void {
  let sources: SourcesPanel | undefined;
  const library = addPanel({
    name: "sources",
    label: t("sources"),
    dom: async () => (sources ??= (await import("../sources/panel.ts")).sourcesPanel(room)).dom,
    opened: () => void sources?.refresh(),
  });
  room.addSource = async (words) => {
    await library.open(true);
    sources?.add(words);
  };
  let suggestions: Panel | undefined;
  const waiting = addPanel({
    name: "suggestions",
    label: t("suggestions"),
    dom: async () => (suggestions ??= (await import("../suggesting/panel.ts")).suggestionsPanel(room, room.suggesting)).dom,
    opened: () => void suggestions?.refresh(),
  });
  room.suggesting.changed(() => waiting.setBadge(room.suggesting.list.length));
  let claims: Panel | undefined;
  addPanel({
    name: "claims",
    label: t("claims"),
    dom: async () => (claims ??= (await import("../claims/panel.ts")).claimsPanel(room)).dom,
    opened: () => void claims?.refresh(),
  });
  let checks: Panel | undefined;
  const side = addPanel({
    name: "checks",
    label: t("checks"),
    dom: async () => (checks ??= (await import("../checks/panel.ts")).checksPanel(room, (open) => side.setBadge(open))).dom,
    opened: () => void checks?.refresh(),
  });
  let history: Panel | undefined;
  addPanel({
    name: "history",
    label: t("history"),
    dom: async () => (history ??= (await import("./history.ts")).historyPanel(room)).dom,
    opened: () => void history?.refresh(),
  });
}

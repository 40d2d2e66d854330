/** What the checks found in this section, each with the way to its words, to be mended or set aside with a reason. */
import type { Panel } from "../claims/panel.ts";
import { openForm } from "../dialogs/form.ts";
import { el } from "../room/dom.ts";
import type { Room } from "../room/room.ts";
import { showSpot, type Spot } from "../room/spot.ts";
import { t } from "../room/strings.ts";

interface Finding extends Spot {
  readonly mark: string;
  readonly kind: string;
  readonly kind_name: string;
  readonly sentence: string;
}

interface Found {
  readonly findings: readonly Finding[];
  readonly here: number;
  readonly total: number;
  readonly waiting: boolean;
}

/** How long the panel looks out for a job that was asked for, in seconds. */
const PATIENCE = [1, 1, 2, 3, 5, 8, 13];

async function setAside(room: Room, finding: Finding): Promise<boolean> {
  const values = await openForm({
    title: t("check_aside"),
    fields: [{ name: "reason", label: t("check_reason"), hint: finding.sentence, required: true }],
    check: ({ reason }) => (reason ? null : { field: "reason", sentence: t("check_reason") }),
    work: async ({ reason }) => {
      const form = new FormData();
      form.set("mark", finding.mark);
      form.set("reason", reason ?? "");
      const { status, body } = await room.wire.upload(room.config.asideUrl, form);
      if (status !== 200) throw new Error(typeof body["error"] === "string" ? body["error"] : t("panel_failed"));
    },
  });
  return values !== null;
}

export function checksPanel(room: Room, count: (open: number) => void): Panel {
  const list = el("div", { class: "check-list" });
  const state = el("p", { class: "meta", role: "status" });
  let asking = 0;

  const row = (finding: Finding): HTMLElement => {
    const go = (): void => {
      if (!showSpot(room.view, finding)) room.say(t("check_moved"));
    };
    const aside = async (): Promise<void> => {
      if (await setAside(room, finding)) await panel.refresh();
    };
    const words = el("button", { type: "button", class: "button link", click: go }, finding.sentence);
    const put = el("button", { type: "button", class: "button link", "aria-label": `${t("check_aside")}: ${finding.sentence}`, click: () => void aside() }, t("check_aside"));
    return el("article", { class: "side-item" }, el("p", {}, words), ...(room.config.canEdit ? [el("p", { class: "meta" }, put)] : []));
  };
  const draw = ({ findings, here, waiting }: Found): void => {
    const kinds = new Map<string, Finding[]>();
    for (const finding of findings) kinds.set(finding.kind_name, [...(kinds.get(finding.kind_name) ?? []), finding]);
    list.replaceChildren(...[...kinds].flatMap(([name, each]) => [el("h3", { class: "label" }, `${name} (${each.length})`), ...each.map(row)]));
    state.textContent = waiting ? t("check_waiting") : here ? "" : t("check_none");
    count(here);
  };
  const ask = async (): Promise<Found | null> => {
    try {
      const { status, body } = await room.wire.get(room.config.checksUrl);
      return status === 200 ? (body as unknown as Found) : null;
    } catch {
      return null;
    }
  };
  /** What was typed last must be stored first; then a job looks, and this waits for it. */
  const again = async (): Promise<void> => {
    const turn = ++asking;
    state.textContent = t("check_running");
    await room.connection.settled(5_000);
    try {
      await room.wire.upload(room.config.runChecksUrl, new FormData());
    } catch {
      state.textContent = t("panel_failed");
      return;
    }
    for (const seconds of PATIENCE) {
      await new Promise((done) => setTimeout(done, seconds * 1000));
      if (turn !== asking) return;
      const found = await ask();
      if (found && !found.waiting) return draw(found);
    }
    await panel.refresh();
  };
  const panel: Panel = {
    dom: el(
      "section",
      { class: "panel" },
      ...(room.config.canEdit ? [el("p", { class: "actions" }, el("button", { type: "button", class: "button small quiet", click: () => void again() }, t("check_again")))] : []),
      state,
      list,
      el("p", {}, el("a", { href: room.config.allChecksUrl }, t("check_all"))),
    ),
    async refresh() {
      const found = await ask();
      if (found) draw(found);
      else state.textContent = t("panel_failed");
    },
  };
  return panel;
}

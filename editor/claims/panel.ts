/** The claims beside the text: those of this section first, each with the way to its words. */
import { runsOf } from "../commands/claim.ts";
import { numbersKey, switchNumbers } from "../plugins/numbers.ts";
import { el, uniqueId } from "../room/dom.ts";
import type { Room } from "../room/room.ts";
import { t } from "../room/strings.ts";
import { type Claim, claimDialog, register } from "./dialog.ts";
import { TextSelection } from "prosemirror-state";

export interface Panel {
  readonly dom: HTMLElement;
  refresh(): Promise<void>;
}

function show(room: Room, { from, to }: { from: number; to: number }): void {
  const { view } = room;
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to)).scrollIntoView());
  view.focus();
}

function underline(room: Room): HTMLElement {
  const id = uniqueId("underline");
  const box = el("input", { id, type: "checkbox", class: "form-check-input", checked: numbersKey.getState(room.view.state)?.on ?? false });
  box.addEventListener("change", () => room.view.dispatch(switchNumbers(room.view.state.tr, box.checked)));
  return el("p", { class: "form-check" }, box, el("label", { for: id, class: "form-check-label" }, t("claim_underline")));
}

export function claimsPanel(room: Room): Panel {
  const list = el("div", { class: "claim-list" });
  const state = el("p", { class: "meta", role: "status" });
  const open = async (id = ""): Promise<void> => {
    if (await claimDialog(room, id)) await panel.refresh();
  };
  const add = el("button", { type: "button", class: "button small", mousedown: (event) => event.preventDefault(), click: () => void open() }, t("claim_register"));
  const row = (claim: Claim): HTMLElement => {
    const run = runsOf(room.view.state.doc, claim.id)[0];
    const words = run
      ? el("button", { type: "button", class: "button link", click: () => show(room, runsOf(room.view.state.doc, claim.id)[0] ?? run) }, claim.statement)
      : claim.statement;
    const facts = [claim.shown, claim["year"], claim["source"]].filter(Boolean).join(" · ");
    const edit = el("button", { type: "button", class: "button link", "aria-label": `${t("edit")}: ${claim.statement}`, click: () => void open(claim.id) }, t("edit"));
    return el("article", { class: "side-item" }, el("p", {}, words), el("p", { class: "meta" }, facts, facts ? " " : "", ...(room.view.editable ? [edit] : [])));
  };
  const group = (label: string, claims: readonly Claim[]): HTMLElement[] => (claims.length ? [el("h3", { class: "label" }, label), ...claims.map(row)] : []);
  const draw = (claims: readonly Claim[]): void => {
    const here = claims.filter(({ id }) => runsOf(room.view.state.doc, id).length);
    const elsewhere = claims.filter((claim) => !here.includes(claim));
    list.replaceChildren(...group(t("claim_here"), here), ...group(t("claim_elsewhere"), elsewhere));
    state.textContent = claims.length ? "" : t("claim_none");
  };
  const panel: Panel = {
    dom: el(
      "section",
      { class: "panel" },
      ...(room.view.editable ? [el("p", { class: "actions" }, add)] : []),
      underline(room),
      state,
      list,
      el("p", {}, el("a", { href: room.config.claimsUrl }, t("claim_all"))),
    ),
    async refresh() {
      const given = await register(room);
      if (given) draw(given.claims);
      else state.textContent = t("panel_failed");
    },
  };
  return panel;
}

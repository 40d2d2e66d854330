/** The save state, always on screen and read out when it changes; "Saved" only after the server said so. */
import type { SaveState } from "./connection.ts";
import { el } from "./dom.ts";
import { t } from "./strings.ts";

export interface Status {
  readonly dom: HTMLElement;
  /** `kept`: what is not saved is written down on this device, so that the page may be closed. */
  show(state: SaveState, kept: boolean): void;
}

/** Fast typing must not make the words flicker: "Saving…" is written only when it lasts. */
const PATIENCE = 400;
/** Nor the sign beside them: "saved" waits in case another key comes at once. */
const BREATH = 60;

export function status(signinUrl: string): Status {
  const text = el("span", { class: "save-text" }, t("loading"));
  const extra = el("span", { class: "save-extra" });
  const dom = el("div", { class: "save-state", role: document.getElementById("writing-state") ? undefined : "status", "data-state": "loading" }, el("span", { class: "save-dot", "aria-hidden": "true" }), text, extra);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const write = (state: string, sentence: string, ...more: HTMLElement[]): void => {
    clearTimeout(timer);
    dom.dataset["state"] = state;
    if (text.textContent !== sentence) text.textContent = sentence;
    extra.replaceChildren(...more);
  };
  const offline = (changes: number, kept: boolean): string => {
    if (changes === 0) return t("offline_none");
    if (!kept) return t("offline_memory", { count: changes });
    return changes === 1 ? t("offline_changes_one") : t("offline_changes", { count: changes });
  };
  const show = (state: SaveState, kept: boolean): void => {
    switch (state.kind) {
      case "saved":
        clearTimeout(timer);
        timer = setTimeout(() => write("saved", t("saved")), BREATH);
        return;
      case "saving":
        if (dom.dataset["state"] !== "saving") dom.dataset["state"] = "saving";
        clearTimeout(timer);
        timer = setTimeout(() => write("saving", t("saving")), PATIENCE);
        return;
      case "offline":
        return write("offline", offline(state.changes, kept));
      case "signed-out":
        return write("signed-out", state.sentence || t("signed_out"), el("a", { href: signinUrl, target: "_blank", rel: "noopener" }, t("sign_in")));
      case "forbidden":
        return write("forbidden", state.sentence || t("forbidden"));
      case "removed":
        return write("gone", state.sentence || t("removed"));
      case "gone":
        return write("gone", t("gone"), el("button", { type: "button", class: "btn btn-sm btn-primary", click: () => location.reload() }, t("reload")));
    }
  };
  return { dom, show };
}

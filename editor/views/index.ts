/** Every node that is shown otherwise than the schema writes it. */
import type { NodeViewConstructor } from "prosemirror-view";
import type { CalloutKind, RecommendationKind } from "../schema.ts";
import { opens } from "../dialogs/lazily.ts";
import type { Room } from "../room/room.ts";
import { el } from "../room/dom.ts";
import { t } from "../room/strings.ts";
import { blockView, type EditBlock } from "./block.ts";
import { footnoteView } from "./footnote.ts";

const edit =
  (room: Room): EditBlock =>
  (_view, position) =>
    void opens("editAttributes")(room, position);

const tableView = (room: Room): NodeViewConstructor =>
  blockView(() => t("table"), edit(room), (head, button) => {
    const caption = el("span", { class: "block-title" });
    const body = el("tbody");
    head.append(caption, button);
    const table = el("table", {}, body);
    return {
      dom: el("div", { class: "table-block" }, head, el("div", { class: "table-scroll" }, table)),
      contentDOM: body,
      show(node) {
        const name = String(node.attrs["caption"]);
        caption.replaceChildren(name);
        table.setAttribute("aria-label", name || t("table"));
      },
    };
  });

const calloutView = (room: Room): NodeViewConstructor =>
  blockView(() => t("callout"), edit(room), (head, button) => {
    const kind = el("span", { class: "block-kind" });
    const title = el("span", { class: "block-title" });
    const body = el("div", { class: "block-body" });
    const dom = el("aside", { class: "callout-block" }, head, body);
    head.append(kind, title, button);
    return {
      dom,
      contentDOM: body,
      show(node) {
        dom.dataset["callout"] = String(node.attrs["kind"]);
        kind.replaceChildren(t(`callout_${node.attrs["kind"] as CalloutKind}`));
        title.replaceChildren(String(node.attrs["title"]));
      },
    };
  });

const recommendationView = (room: Room): NodeViewConstructor =>
  blockView(() => t("recommendation"), edit(room), (head, button) => {
    const kind = el("span", { class: "block-kind" });
    const addressee = el("span", { class: "block-title" });
    const body = el("div", { class: "block-body" });
    head.append(kind, addressee, button);
    return {
      dom: el("section", { class: "recommendation-block" }, head, body),
      contentDOM: body,
      show(node) {
        kind.replaceChildren(t(`recommendation_${node.attrs["kind"] as RecommendationKind}`));
        const who = String(node.attrs["addressee"]);
        addressee.replaceChildren(who ? `${t("addressee")}: ${who}` : "");
      },
    };
  });

const pictureUrl = (base: string, asset: string): string =>
  base.includes("{asset}") ? base.replace("{asset}", encodeURIComponent(asset)) : base + encodeURIComponent(asset);

const figureView = (room: Room): NodeViewConstructor =>
  blockView(() => t("figure"), edit(room), (head, button) => {
    const image = el("img", { loading: "lazy", decoding: "async" });
    const facts = el("span", { class: "block-title" });
    const caption = el("figcaption");
    head.append(facts, button);
    return {
      dom: el("figure", { class: "figure-block" }, el("div", { class: "picture", contenteditable: "false" }, image), caption, head),
      contentDOM: caption,
      show(node) {
        const { asset, alt, decorative, credit, licence } = node.attrs as Record<string, string>;
        const address = pictureUrl(room.config.figureUrl, asset ?? "");
        if (image.getAttribute("src") !== address) image.src = address;
        image.alt = decorative ? "" : (alt ?? "");
        const described = decorative ? t("decorative") : alt ? `${t("alt")}: ${alt}` : t("alt_needed");
        const rights = [credit && `${t("credit")}: ${credit}`, licence && `${t("licence")}: ${licence}`];
        facts.replaceChildren([described, ...rights].filter(Boolean).join(" · "));
        facts.classList.toggle("missing", !decorative && !alt);
      },
    };
  });

export const nodeViews = (room: Room): Record<string, NodeViewConstructor> => ({
  table: tableView(room),
  callout: calloutView(room),
  recommendation: recommendationView(room),
  figure: figureView(room),
  footnote: footnoteView,
});

/**
 * What this device keeps of a person's words and the server does not have yet: `[data-kept=person]` lists the
 * sections, and a form with `data-signs-out=person` asks before it lets them go (confirm.ts).
 */
import { keptOf } from "../room/device.ts";

async function look(): Promise<void> {
  const notice = document.querySelector<HTMLElement>("[data-kept]");
  const forms = document.querySelectorAll<HTMLFormElement>("form[data-signs-out]");
  const person = forms[0]?.dataset.signsOut ?? notice?.dataset.kept;
  if (!person || !("indexedDB" in window)) return;
  const kept = await keptOf(person).catch(() => new Map<string, string>());
  for (const form of forms) {
    if (kept.size) form.dataset.confirm = form.dataset.keptSentence ?? "";
    else delete form.dataset.confirm;
  }
  if (!notice) return;
  notice.hidden = kept.size === 0;
  notice.querySelector("ul")?.replaceChildren(
    ...[...kept].map(([href, title]) => {
      const [item, link] = [document.createElement("li"), document.createElement("a")];
      link.href = href;
      link.textContent = title;
      item.append(link);
      return item;
    }),
  );
}

void look();
// Looked at anew before somebody can reach the button in the menu, and when they come back to the page.
document.querySelector("[data-signs-out]")?.closest("details")?.addEventListener("toggle", () => void look());
addEventListener("pageshow", (event) => void (event.persisted && look()));

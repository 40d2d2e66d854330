/**
 * A form with `data-confirm="sentence"` asks before it is sent; `data-confirm-label` names the button.
 * Without scripts the form is simply sent: what cannot be undone has a page of its own.
 */
const dialog = document.querySelector<HTMLDialogElement>("#confirm");

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const submitter = event.submitter;
  const asked = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!dialog || !asked || form.dataset.confirmed) return;
  event.preventDefault();
  const sentence = dialog.querySelector<HTMLElement>("[data-sentence]");
  const yes = dialog.querySelector<HTMLElement>("[data-yes]");
  if (!sentence || !yes) return;
  sentence.textContent = asked;
  yes.textContent = submitter?.dataset.confirmLabel ?? form.dataset.confirmLabel ?? submitter?.textContent ?? yes.textContent;
  dialog.returnValue = "";
  dialog.addEventListener(
    "close",
    () => {
      if (dialog.returnValue !== "yes") return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    },
    { once: true },
  );
  dialog.showModal();
}, { capture: true });

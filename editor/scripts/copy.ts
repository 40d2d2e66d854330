/** `<button data-copy="text" data-copied="Copied" hidden>`: shown when scripts run, tells when it worked. */
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  // Without a secure context there is no clipboard, and no button that would do nothing.
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const label = [...button.childNodes];
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    button.textContent = button.dataset.copied ?? "";
    setTimeout(() => {
      button.replaceChildren(...label);
    }, 2000);
  });
}

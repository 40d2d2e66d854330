/** Marks the place where a file may be dropped; the browser's own input does the rest. */
for (const place of document.querySelectorAll<HTMLElement>("[data-file-drop]")) {
  const input = place.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) continue;
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    if (event.dataTransfer?.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

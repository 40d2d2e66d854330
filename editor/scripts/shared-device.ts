/** “Others use this device, too” is asked once and meant for every way to sign in: each form takes it along. */
const box = document.querySelector<HTMLInputElement>("input[name=shared_device]");

if (box) {
  const tell = (): void => {
    for (const form of document.querySelectorAll<HTMLFormElement>(".alternatives form")) {
      form.querySelector("[name=shared_device]")?.remove();
      if (!box.checked) continue;
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "shared_device", value: "on" });
      form.append(field);
    }
  };
  box.addEventListener("change", tell);
  tell();
}

/**
 * Light, dark, or as the system says. The choice lives in a cookie, which the server reads for its
 * own pages; pages that are plain files read it here.
 */
const SCHEMES = ["light", "dark"];

export function chosen(cookies: string): string {
  const value = /(?:^|;\s*)theme=([a-z]+)/.exec(cookies)?.[1] ?? "";
  return SCHEMES.includes(value) ? value : "";
}

export function apply(theme: string, root: HTMLElement): void {
  if (theme) root.dataset.bsTheme = theme;
  else delete root.dataset.bsTheme;
}

function remember(theme: string): void {
  const age = theme ? 60 * 60 * 24 * 365 : 0;
  document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax`;
}

function show(buttons: Iterable<HTMLButtonElement>, theme: string): void {
  for (const button of buttons) button.setAttribute("aria-pressed", String((button.dataset.theme ?? "") === theme));
}

apply(chosen(document.cookie), document.documentElement);

const buttons = document.querySelectorAll<HTMLButtonElement>("[data-theme-choice] button");
show(buttons, chosen(document.cookie));
for (const button of buttons) {
  button.addEventListener("click", () => {
    const theme = button.dataset.theme ?? "";
    remember(theme);
    apply(theme, document.documentElement);
    show(buttons, theme);
  });
}
for (const element of document.querySelectorAll<HTMLElement>("[data-needs-script], [data-theme-choice]")) {
  element.hidden = false;
}

/**
 * Counts down to `data-countdown`. The page says what the server's clock was (`data-now`), so a wrong
 * clock here does not matter; without a script the moment itself stands there.
 */
const MINUTE = 60_000;

function left(ms: number, days: string): string {
  const minutes = Math.floor(ms / MINUTE);
  const clock = [Math.floor(minutes / 60) % 24, minutes % 60, Math.floor(ms / 1000) % 60].map((part) => String(part).padStart(2, "0")).join(":");
  const whole = Math.floor(minutes / 60 / 24);
  return whole ? `${whole} ${days} ${clock}` : clock;
}

for (const element of document.querySelectorAll<HTMLElement>("[data-countdown]")) {
  const end = Date.parse(element.dataset.countdown ?? "");
  const skew = element.dataset.now ? Date.parse(element.dataset.now) - Date.now() : 0;
  if (Number.isNaN(end) || Number.isNaN(skew)) continue;
  element.setAttribute("role", "timer");
  const show = (): void => {
    const rest = end - (Date.now() + skew);
    element.textContent = rest > 0 ? left(rest, element.dataset.days ?? "") : (element.dataset.over ?? "");
    if (rest > 0) setTimeout(show, 1000 - (Date.now() % 1000));
  };
  show();
}

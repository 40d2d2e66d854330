/** Adds the reader's own time to a `<time data-local="your time">` when it differs from the one shown. */
for (const element of document.querySelectorAll<HTMLTimeElement>("time[data-local]")) {
  const moment = new Date(element.dateTime);
  if (Number.isNaN(moment.getTime())) continue;
  const shown = element.textContent?.match(/\b\d{1,2}:\d{2}\b/)?.[0];
  const mine = moment.toLocaleTimeString(document.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (mine === shown) continue;
  const day = moment.toLocaleDateString(document.documentElement.lang || undefined, { day: "numeric", month: "long" });
  element.append(` (${day}, ${mine} ${element.dataset.local})`);
}

/** Marks, in the outline beside a long text, the section one is reading. */
const links = new Map<string, HTMLAnchorElement>();
for (const link of document.querySelectorAll<HTMLAnchorElement>(".outline a[href^='#']")) links.set(link.hash.slice(1), link);

const watched = [...links.keys()].map((id) => document.getElementById(id)).filter((element) => element !== null);

function mark(): void {
  // The last section whose beginning has passed the upper third of the window.
  const line = window.innerHeight / 3;
  const here = watched.filter((element) => element.getBoundingClientRect().top <= line).at(-1);
  for (const [id, link] of links) {
    if (id === here?.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

if (watched.length) {
  document.addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
  mark();
}

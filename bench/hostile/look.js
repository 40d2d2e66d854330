// What on this page runs, or would run when clicked, that is not the product's own.
(mark) => {
  const found = [];
  const say = (element, why) => found.push(`${why}: ${element.outerHTML.slice(0, 120)}`);
  const runs = /^[\s\u0000-\u0020]*(?:javascript|vbscript|data\s*:\s*text)/i;
  const leads = /^(?:href|src|action|formaction|data|xlink:href|poster|srcdoc|ping|background|hx-get|hx-post)$/i;
  for (const element of document.querySelectorAll("*")) {
    const tag = element.tagName.toUpperCase();
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name) || /^(?:data-)?hx-on/i.test(name)) say(element, name);
      if (leads.test(name) && runs.test(value)) say(element, name);
      if (/^hx-/i.test(name) && value.includes(`${mark}(`)) say(element, name);
    }
    if (["IFRAME", "OBJECT", "EMBED", "BASE", "FRAME", "APPLET", "MARQUEE"].includes(tag)) say(element, tag);
    if (tag === "META" && element.httpEquiv.toLowerCase() === "refresh") say(element, tag);
    if (tag === "STYLE" && element.textContent.includes(mark)) say(element, tag);
    if (tag === "SCRIPT") {
      const data = element.type && !/^(?:module|text\/javascript|application\/javascript)$/i.test(element.type);
      if (!data && !element.src && element.textContent.trim()) say(element, "script");
      if (element.src && new URL(element.src, location.href).origin !== location.origin) say(element, "script");
    }
  }
  return found;
}

/**
 * What comes by the clipboard from Word, LibreOffice, Google Docs and web pages, as the HTML of our
 * language: structure stays (headings, lists, tables, notes, links, languages), clutter goes. Works on
 * an inert document: nothing is loaded, nothing runs.
 */
import { directionOf } from "../commands/marks.ts";
import { lists } from "./lists.ts";
import { notes } from "./notes.ts";
import { tables } from "./tables.ts";
import { blank, isBlock, named, rename, unwrap } from "./dom.ts";

export interface Cleaned {
  readonly html: string;
  /** Pictures that came along whole, to be offered as figures. */
  readonly pictures: readonly string[];
  /** Pictures of which only an address came; nothing is fetched from elsewhere. */
  readonly lost: number;
  /** Comments of the other program. */
  readonly comments: number;
  /** Words struck by a tracked change there. */
  readonly struck: number;
}

const CLUTTER =
  "script, style, link, meta, title, base, noscript, template, iframe, object, embed, applet, nav, svg, canvas, video, audio, map, form > button, input, select, textarea, button, hr, [hidden], [aria-hidden='true'], .MsoToc1, .MsoToc2, .MsoToc3, .MsoToc4, .MsoTocHeading, .mw-editsection, .noprint";

/** Where a page has pictures that its readers do not see as such. */
const UNSEEN = "nav, noscript, template, [hidden], [aria-hidden='true'], .mw-editsection, .noprint";
/** A page that loads its pictures late has something else in their place until then. */
const PENDING = ["data-src", "data-srcset", "data-lazy-src", "data-original"];
/** Some sites draw these signs: what was meant is in the words for it. */
const EMOJI = /^\p{Extended_Pictographic}[\p{Extended_Pictographic}\p{Emoji_Modifier}\u200d\ufe0f]*$/u;

const style = (element: Element): string => (element.getAttribute("data-style") ?? "").toLowerCase().replaceAll(/\s/g, "");

/** A pixel that counts visitors is no picture. */
const isPixel = (image: Element): boolean =>
  ["0", "1"].includes(image.getAttribute("width") ?? "") || /(?:^|;)(?:display:none|(?:width|height):[01]px)/.test(style(image));

function drop(body: HTMLElement): { lost: number; pictures: string[]; comments: number; struck: number } {
  const comments = body.querySelectorAll("[data-style*='mso-element:comment' i]:not([data-style*='comment-list' i])").length;
  for (const element of body.querySelectorAll("[data-style*='mso-element:comment' i], [data-style*='mso-comment-reference' i] .MsoCommentReference, .MsoCommentReference")) element.remove();
  const deleted = [...body.querySelectorAll("del, .msoDel")];
  deleted.forEach((element) => element.remove());
  const images = [...body.querySelectorAll("img, v\\:imagedata")];
  const shown = images.filter((image) => !image.closest(UNSEEN) && !isPixel(image));
  const pictures = shown.filter((image) => !PENDING.some((name) => image.hasAttribute(name))).map((image) => image.getAttribute("src") ?? "").filter((src) => /^data:image\/(png|jpeg|gif|webp|bmp|tiff);base64,/i.test(src));
  for (const image of images) {
    const alt = image.getAttribute("alt") ?? "";
    if (EMOJI.test(alt)) {
      if (shown.includes(image)) shown.splice(shown.indexOf(image), 1);
      image.replaceWith(alt);
    } else image.remove();
  }
  for (const element of body.querySelectorAll(CLUTTER)) element.remove();
  for (const element of [...body.querySelectorAll("*")]) {
    const look = style(element);
    if (look.includes("display:none") || look.includes("mso-hide:all") || look.includes("visibility:hidden")) element.remove();
  }
  const walker = body.ownerDocument.createTreeWalker(body, 128);
  const remarks: Node[] = [];
  while (walker.nextNode()) remarks.push(walker.currentNode);
  remarks.forEach((remark) => (remark as ChildNode).remove());
  return { lost: shown.length - pictures.length, pictures, comments, struck: deleted.length };
}

/** Spans say by their style what our language says by marks. */
function marks(body: HTMLElement): void {
  for (const element of [...body.querySelectorAll<HTMLElement>("span, font, b, strong, i, em, a, u, s, strike, ins, sup, sub")]) {
    const look = style(element);
    const weight = /(?:^|;)font-weight:(\w+)/.exec(look)?.[1];
    const wrap = (name: string): void => {
      const mark = body.ownerDocument.createElement(name);
      mark.append(...element.childNodes);
      element.append(mark);
    };
    const bold = weight === "bold" || weight === "bolder" || Number(weight) >= 600;
    const name = element.localName;
    if (bold && name !== "b" && name !== "strong") wrap("strong");
    if (/(?:^|;)font-style:(italic|oblique)/.test(look) && name !== "i" && name !== "em") wrap("em");
    const height = /(?:^|;)vertical-align:(super|sub)/.exec(look)?.[1];
    if (height && name !== "sup" && name !== "sub") wrap(height === "super" ? "sup" : "sub");
    const plain = weight === "normal" || weight === "400";
    if ((plain && (name === "b" || name === "strong")) || (/(?:^|;)font-style:normal/.test(look) && (name === "i" || name === "em"))) unwrap(element);
  }
}

/** Word says a language for every word: only what differs from the section's is a foreign word. */
function languages(body: HTMLElement, language: string): void {
  const own = language.split("-")[0]!.toLowerCase();
  for (const element of [...body.querySelectorAll<HTMLElement>("[lang]")]) {
    const tag = element.getAttribute("lang") ?? "";
    element.removeAttribute("lang");
    const foreign = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag) && tag.split("-")[0]!.toLowerCase() !== own && !/^(x|und|zxx|mul)(-|$)/i.test(tag);
    if (!foreign || !element.textContent?.trim() || [...element.querySelectorAll("*")].some(isBlock)) continue;
    const span = body.ownerDocument.createElement("span");
    span.lang = tag;
    span.dir = directionOf(tag);
    span.append(...element.childNodes);
    element.append(span);
  }
}

/** Headings by their rank: the highest that came becomes the section's first level, without gaps. */
function headings(body: HTMLElement): void {
  for (const element of [...body.querySelectorAll<HTMLElement>("p, div")]) {
    const level = /mso-outline-level:([1-6])/.exec(style(element))?.[1];
    if (element.classList.contains("MsoTitle")) rename(element, "h1");
    else if (level && element.localName === "p") rename(element, `h${level}`);
    else if (/^Mso(Intense)?Quote/.test(element.className)) {
      const quote = body.ownerDocument.createElement("blockquote");
      element.replaceWith(quote);
      quote.append(element);
    }
  }
  for (const heading of [...body.querySelectorAll<HTMLElement>("h1, h2, h3, h4, h5, h6")]) {
    if (blank(heading)) heading.remove();
    else if (heading.closest("li, td, th, blockquote")) rename(heading, "p");
    else for (const bold of [...heading.querySelectorAll("b, strong")]) unwrap(bold);
  }
  const all = [...body.querySelectorAll<HTMLElement>("h1, h2, h3, h4, h5, h6")];
  const ranks = [...new Set(all.map(({ localName }) => localName))].sort();
  // Our schema reads h3 as the first level inside a section.
  for (const heading of all) rename(heading, `h${Math.min(6, ranks.indexOf(heading.localName) + 3)}`);
}

function links(body: HTMLElement): void {
  for (const link of [...body.querySelectorAll("a")]) {
    const href = link.getAttribute("href") ?? "";
    const redirect = /^https:\/\/www\.google\.com\/url\?(?:.*&)?q=([^&]+)/.exec(href)?.[1];
    if (redirect) link.setAttribute("href", decodeURIComponent(redirect));
    else if (!/^(https?:|mailto:)/i.test(href)) unwrap(link);
  }
}

const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;

function words(body: HTMLElement): void {
  const walker = body.ownerDocument.createTreeWalker(body, 4);
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    const kept = node.parentElement?.closest("pre");
    if (!kept) node.data = node.data.replace(INVISIBLE, "").replace(/[ \t\u00a0]*\u00a0[ \t\u00a0]+|[ \t\u00a0]+\u00a0[ \t\u00a0]*/g, " ");
  }
  for (const quote of [...body.querySelectorAll("q")]) {
    quote.prepend("“");
    quote.append("”");
    unwrap(quote);
  }
}

/** Two line breaks are a new paragraph; one at an edge is nothing; lines of code keep their breaks. */
function breaks(body: HTMLElement): void {
  const document = body.ownerDocument;
  for (const pre of [...body.querySelectorAll("pre")]) {
    const lines = (pre.textContent ?? "").replace(/\n$/, "").split("\n");
    const paragraph = document.createElement("p");
    lines.forEach((line, index) => paragraph.append(...(index ? [document.createElement("br")] : []), line));
    pre.replaceWith(paragraph);
  }
  for (const block of [...body.querySelectorAll<HTMLElement>("p, div")]) {
    if ([...block.children].some(isBlock)) continue;
    const parts: ChildNode[][] = [[]];
    let pending = 0;
    for (const child of [...block.childNodes]) {
      if (child instanceof Element ? child.localName === "br" : false) {
        pending++;
        continue;
      }
      if (pending && child.nodeType === 3 && !child.textContent?.trim()) continue;
      if (pending === 1 && parts.at(-1)!.length) parts.at(-1)!.push(document.createElement("br"));
      else if (pending > 1 && parts.at(-1)!.length) parts.push([]);
      pending = 0;
      parts.at(-1)!.push(child);
    }
    const whole = parts.map((part) => {
      const paragraph = document.createElement("p");
      for (const { name, value } of [...block.attributes]) paragraph.setAttribute(name, value);
      paragraph.append(...part);
      return paragraph;
    });
    block.replaceWith(...whole);
  }
}

function empty(body: HTMLElement): void {
  for (const block of [...body.querySelectorAll<HTMLElement>("p, li, ul, ol, blockquote, div")].reverse()) {
    if (blank(block) && !block.closest("td, th")) block.remove();
  }
}

/** Elements that say nothing to our language give their content back; `<o:p>` and the like too. */
function unknown(body: HTMLElement): void {
  for (const element of [...body.querySelectorAll("*")]) {
    if (element.localName.includes(":") || ["font", "u", "s", "strike", "ins", "mark", "small", "big", "label", "form"].includes(element.localName)) unwrap(element);
    else if (element.localName === "dt") rename(element as HTMLElement, "p");
    else if (element.localName === "dd") rename(element as HTMLElement, "p");
  }
}

/** Styles are read, never applied: as attributes of that name the page's policy would report each of them. */
const unstyled = (html: string): string =>
  html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle(\s*=)/gi, " data-style$1"));

const parse = (html: string): HTMLElement => new DOMParser().parseFromString(unstyled(html), "text/html").body;

/** `language` is the section's (BCP 47). */
export function clean(html: string, language: string): Cleaned {
  const body = parse(html);
  const left = drop(body);
  notes(body);
  lists(body);
  marks(body);
  unknown(body);
  links(body);
  words(body);
  tables(body);
  headings(body);
  breaks(body);
  empty(body);
  languages(body, language);
  for (const element of [...body.querySelectorAll("*")]) {
    for (const { name } of [...element.attributes]) if (!named(name)) element.removeAttribute(name);
  }
  return { html: body.innerHTML, ...left };
}

/**
 * Whether one picture is all that came. With words around it a picture file in the clipboard is not one of
 * the text's own: spreadsheets put a photograph of their cells there.
 */
export const isPicture = ({ html, lost, pictures }: Cleaned): boolean => lost + pictures.length === 1 && !parse(html).textContent?.trim();

/** Lines of plain text as paragraphs; typed bullets and numbers become lists. */
export function cleanText(text: string): string {
  const body = parse("");
  for (const line of text.split(/\r\n?|\n/)) {
    if (!line.trim()) continue;
    const paragraph = body.ownerDocument.createElement("p");
    paragraph.textContent = line.trim();
    body.append(paragraph);
  }
  lists(body);
  words(body);
  return body.innerHTML;
}

/** Line icons of the toolbar, 20 × 20, drawn in the text's own colour. */
const PATHS = {
  bullet_list: "M8 5h9M8 10h9M8 15h9M4 5h.01M4 10h.01M4 15h.01",
  ordered_list: "M8 5h9M8 10h9M8 15h9M3.5 4 4.5 3.5v3M3.3 9.2c.6-.8 1.8-.3 1.5.6L3.4 11.6h1.6M3.4 13.7h1.4l-.9 1.1c1.5 0 1.3 1.9-.1 1.8",
  sink: "M3 4h14M9 8h8M9 12h8M3 16h14M3 8l3 2-3 2",
  lift: "M3 4h14M9 8h8M9 12h8M3 16h14M6 8l-3 2 3 2",
  quote: "M4 11h4v4H4zM4 11c0-3 1-5 4-6M12 11h4v4h-4zM12 11c0-3 1-5 4-6",
  link: "M8.5 11.5l3-3M9 6l2-2a3.5 3.5 0 0 1 5 5l-2 2M11 14l-2 2a3.5 3.5 0 0 1-5-5l2-2",
  language: "M3 5h8M7 3v2M4 12c3-1 5-4 5-7M5 8c1 2 3 3.5 5 4M10 17l3.5-8 3.5 8M11.3 14h4.4",
  footnote: "M3 6h7M6.500 6v10M13 4.500 15 3.500v6",
  cite: "M4 4h9l3 3v9H4zM13 4v3h3M7 10h6M7 13h4",
  cross_reference: "M4 10h11M11 6l4 4-4 4M4 5v10",
  claim: "M4 4h12v12H4zM7 10.500l2 2 4-5",
  comment: "M4 4h12v9H9l-3.500 3v-3H4z",
  superscript: "M3 7l7 9M10 7l-7 9M13.500 4.500c.4-1.500 3-1.300 2.800.3-.1 1.200-2.800 2-2.800 3.400h3",
  subscript: "M3 4l7 9M10 4l-7 9M13.500 13.500c.4-1.500 3-1.300 2.800.3-.1 1.200-2.800 2-2.800 3.400h3",
  undo: "M7 4 3.500 7.500 7 11M4 7.500h7.500a4.500 4.500 0 0 1 0 9H8",
  redo: "M13 4l3.500 3.500L13 11M16 7.500H8.500a4.500 4.500 0 0 0 0 9H12",
  find: "M8.500 14a5.500 5.500 0 1 1 0-11 5.500 5.500 0 0 1 0 11zM12.500 12.500 17 17",
  keyboard: "M2.500 5.500h15v9h-15zM5.500 8.500h.01M8.500 8.500h.01M11.500 8.500h.01M14.500 8.500h.01M6.500 11.500h7",
  suggest: "M4 16.500h5M11.500 4.500l3 3-7 7-3.500.500.500-3.500zM13 12.500h4M13 16.500h4",
  insert: "M10 4v12M4 10h12",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

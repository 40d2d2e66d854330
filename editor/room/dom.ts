/** Elements without HTML strings: what a person typed never becomes markup. */
type Attribute = string | boolean | undefined;
type Listener = (event: Event) => void;

export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, Attribute | Listener>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

let counter = 0;
export const uniqueId = (stem: string): string => `${stem}-${++counter}`;

/** The value of a JSON script element, or the fallback when the page has none. */
export function readJson<T>(id: string, fallback: T): T {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as T) : fallback;
}

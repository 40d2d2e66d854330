/**
 * The toolbar: real buttons, one Tab stop, arrows inside (ARIA's toolbar pattern). What stands
 * under it depends on where the cursor is: the table's tools, a suggestion's answers.
 */
import type { EditorState } from "prosemirror-state";
import { isInTable } from "prosemirror-tables";
import { blockStyle, setHeading, setParagraph } from "../commands/blocks.ts";
import { modeOf } from "../suggesting/mode.ts";
import { type Action, BLOCKS, COMMENT, FIND, HISTORY, KEYBOARD, INSERTS, MARKS, NOTES, SUGGEST, SUGGESTION, TABLE } from "./actions.ts";
import { el, uniqueId } from "./dom.ts";
import { icon } from "./icons.ts";
import { menuButton } from "./menu.ts";
import { type Room, run } from "./room.ts";
import { t } from "./strings.ts";

type Update = (state: EditorState) => void;

/** Milliseconds until the buttons follow the cursor: rarer than a fast typist's keys. */
const SOON = 100;

/** Only what changes: a button that is written anew has its looks worked out anew. */
function mark(element: HTMLElement, name: string, on: boolean): void {
  if (element.getAttribute(name) !== String(on)) element.setAttribute(name, String(on));
}

const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);
export const keysOf = (keys: string): string =>
  keys.replace("Mod", MAC ? "⌘" : "Ctrl").replace("Alt", MAC ? "⌥" : "Alt").replaceAll("-", MAC ? "" : "+").replace("Arrow", "").replace(/(?<![A-Za-z])[a-z]$/, (key) => key.toUpperCase());
const aria = (keys: string): string => keys.replace("Mod", MAC ? "Meta" : "Control").replaceAll("-", "+");

export function perform(room: Room, action: Action): void {
  if (action.command) run(room, action.command);
  else void action.open?.(room);
}

function button(room: Room, action: Action, updates: Update[], words = false): HTMLButtonElement {
  const name = t(action.label);
  const element = el("button", {
    type: "button",
    class: words ? "tool words" : "tool",
    "aria-label": words ? undefined : name,
    "aria-keyshortcuts": action.keys && aria(action.keys),
    title: action.keys ? `${name} (${keysOf(action.keys)})` : name,
    // The selection must stay where it is.
    mousedown: (event) => event.preventDefault(),
    click: () => {
      if (element.getAttribute("aria-disabled") !== "true") perform(room, action);
    },
  });
  element.append(words ? name : action.icon ? icon(action.icon) : el("span", { class: `glyph glyph-${action.label}`, "aria-hidden": "true" }, action.glyph ?? name));
  updates.push((state) => {
    const able = action.able?.(room, state) ?? (!action.command || action.command(state));
    const can = room.view.editable ? able : action.reads === true;
    mark(element, "aria-disabled", !can);
    if (action.pressed) mark(element, "aria-pressed", action.pressed(state));
  });
  return element;
}

const group = (label: string, ...children: HTMLElement[]): HTMLElement => el("div", { role: "group", class: "tool-group", "aria-label": label }, ...children);

function styleSelect(room: Room, updates: Update[]): HTMLElement {
  const id = uniqueId("style");
  const select = el("select", { id, class: "form-select tool-select", "aria-label": t("block_style"), title: t("block_style") });
  select.append(el("option", { value: "paragraph" }, t("paragraph")));
  for (const level of [1, 2, 3, 4]) select.append(el("option", { value: `heading-${level}` }, t("heading", { level })));
  select.append(el("option", { value: "mixed", hidden: true, disabled: true }, t("mixed")));
  select.addEventListener("change", () => {
    const level = Number(select.value.slice("heading-".length));
    run(room, select.value === "paragraph" ? setParagraph : setHeading(level));
  });
  updates.push((state) => {
    const style = blockStyle(state);
    if (select.value !== style) select.value = style;
    select.disabled = !room.view.editable;
  });
  return select;
}

/** One Tab stop; arrows, Home and End move inside. */
function rove(bar: HTMLElement): void {
  const stops = (): HTMLElement[] => [...bar.querySelectorAll<HTMLElement>(".tool, .tool-select")];
  const focus = (next: HTMLElement | undefined): void => {
    if (!next) return;
    for (const stop of stops()) stop.tabIndex = stop === next ? 0 : -1;
    next.focus();
  };
  stops().forEach((stop, index) => (stop.tabIndex = index === 0 ? 0 : -1));
  bar.addEventListener("keydown", (event) => {
    const all = stops();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    if (at < 0 || ![forward, back, "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === forward) focus(all[(at + 1) % all.length]);
    else if (event.key === back) focus(all[(at + all.length - 1) % all.length]);
    else focus(event.key === "Home" ? all[0] : all.at(-1));
  });
  bar.addEventListener("focusin", (event) => {
    const stop = (event.target as Element).closest<HTMLElement>(".tool, .tool-select");
    if (stop) for (const other of stops()) other.tabIndex = other === stop ? 0 : -1;
  });
}

export interface Toolbar {
  readonly dom: HTMLElement;
  readonly update: Update;
}

function contextBar(room: Room, label: string, actions: readonly Action[], updates: Update[], when: (state: EditorState) => boolean): HTMLElement {
  const own: Update[] = [];
  const buttons = actions.map((action) => button(room, action, own, true));
  const dom = el("div", { role: "toolbar", class: "toolbar context", "aria-label": label, hidden: true }, el("span", { class: "context-name" }, label), ...buttons);
  rove(dom);
  updates.push((state) => {
    dom.hidden = !room.view.editable || !when(state);
    if (!dom.hidden) own.forEach((update) => update(state));
  });
  return dom;
}

/** With its name beside the sign: whether one edits or suggests must be read, not guessed. */
function suggestSwitch(room: Room, updates: Update[]): HTMLElement {
  const element = button(room, SUGGEST, updates, true);
  element.classList.add("with-icon");
  element.prepend(icon("suggest"));
  return element;
}

/** What can be done with the suggestions under the cursor or in the selection, and whose they are. */
function suggestionBar(room: Room, updates: Update[]): HTMLElement {
  const bar = contextBar(room, t("suggest_here"), SUGGESTION, updates, (state) => room.suggesting.here(state).length > 0);
  const name = bar.querySelector<HTMLElement>(".context-name")!;
  const draw = (state: EditorState): void => {
    if (bar.hidden) return;
    const ids = room.suggesting.here(state);
    const about = ids.length === 1 ? room.suggesting.about(ids[0]!) : null;
    const who = about?.mine ? t("suggest_you") : about?.author && t("suggest_by", { name: about.author });
    name.textContent = who || `${t("suggestions")}: ${ids.length}`;
  };
  updates.push(draw);
  // Whose it is may be learnt later than that it is there.
  room.suggesting.changed(() => draw(room.view.state));
  return bar;
}

/** While one suggests, this says so wherever one has scrolled to, and aloud when it begins. */
export function suggestBand(room: Pick<Room, "view">, updates: Update[]): HTMLElement {
  const band = el("p", { class: "suggest-band", role: "status" });
  updates.push((state) => {
    const words = room.view.editable && modeOf(state).on ? t("suggest_on") : "";
    if (band.textContent !== words) band.textContent = words;
  });
  return band;
}

export function toolbar(room: Room): Toolbar {
  const updates: Update[] = [];
  const buttons = (actions: readonly Action[]): HTMLElement[] => actions.map((action) => button(room, action, updates));
  const inserts = menuButton(
    t("insert"),
    INSERTS.map((action) => ({ label: t(action.label), choose: () => perform(room, action) })),
  );
  updates.push(() => mark(inserts, "aria-disabled", !room.view.editable));
  const bar = el(
    "div",
    { role: "toolbar", class: "toolbar", "aria-label": t("toolbar"), "aria-controls": "editor" },
    styleSelect(room, updates),
    group(t("toolbar"), ...buttons(MARKS)),
    group(t("paragraph"), ...buttons(BLOCKS)),
    group(t("source"), ...buttons(NOTES)),
    group(t("insert"), inserts),
    group(t("comment"), ...buttons([COMMENT, FIND])),
    group(t("undo"), ...buttons(HISTORY)),
    group(t("suggestions"), suggestSwitch(room, updates)),
    group(t("keyboard"), ...buttons([KEYBOARD])),
  );
  rove(bar);
  const dom = el(
    "div",
    { class: "toolbars" },
    bar,
    contextBar(room, t("table_tools"), TABLE, updates, isInTable),
    suggestionBar(room, updates),
    suggestBand(room, updates),
  );
  dom.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") room.view.focus();
  });
  document.addEventListener("keydown", (event) => {
    // Before anything has the cursor, too: the browser's own search knows neither notes nor other sections.
    const plain = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (event.key !== "f" || !plain || document.activeElement !== document.body) return;
    event.preventDefault();
    perform(room, FIND);
  });
  let latest: EditorState;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const draw = (): void => {
    waiting = undefined;
    updates.forEach((update) => update(latest));
  };
  return {
    dom,
    // Between two keys, not between a key and its letter.
    update(state) {
      latest = state;
      waiting ??= setTimeout(draw, SOON);
    },
  };
}

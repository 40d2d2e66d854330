/** What the pieces of the writing room share. */
import type { Command } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import type { Config } from "./config.ts";
import type { Connection } from "./connection.ts";
import type { Suggesting } from "../suggesting/room.ts";
import type { Sources } from "./sources.ts";
import type { Wire } from "./wire.ts";

export interface Room {
  readonly config: Config;
  readonly wire: Wire;
  readonly sources: Sources;
  view: EditorView;
  /** Opens the panel of sources where one is pasted, with these words in the field. */
  addSource?(words: string): Promise<void>;
  readonly connection: Connection;
  /** A short message to the person, read out by screen readers. */
  say(sentence: string): void;
  /** What others did, as live hints: `outline`, `talk`; the event's detail is what came with it. */
  readonly heard: EventTarget;
  readonly suggesting: Suggesting;
}

/** Runs a command in the room's editor and gives it the focus back. */
export function run(room: Room, command: Command): boolean {
  const ran = command(room.view.state, room.view.dispatch, room.view);
  room.view.focus();
  return ran;
}

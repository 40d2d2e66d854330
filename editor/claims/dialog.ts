/** Registering the selected words as a claim, or changing the claim the cursor stands in. Loaded when first asked for. */
import { claimAt, markClaim, runsOf, selectedWords, unmarkClaim } from "../commands/claim.ts";
import { type Field, FieldError, openForm } from "../dialogs/form.ts";
import { type Room, run } from "../room/room.ts";
import { t } from "../room/strings.ts";
import { guess } from "./guess.ts";

export type Claim = Readonly<Record<string, string>> & { readonly id: string; readonly statement: string; readonly shown: string };

export interface Register {
  readonly claims: readonly Claim[];
  readonly fields: readonly Field[];
}

/** The register as it is now; null when it cannot be had. */
export async function register(room: Room): Promise<Register | null> {
  try {
    const { status, body } = await room.wire.get(room.config.claimsUrl);
    return status === 200 ? (body as unknown as Register) : null;
  } catch {
    return null;
  }
}

function filled(fields: readonly Field[], values: Readonly<Record<string, string>>, not: string): Field[] {
  return fields.map((field) => ({
    ...field,
    value: values[field.name] ?? "",
    ...(field.options && { options: field.options.filter(({ value }) => !not || value !== not) }),
  }));
}

async function store(room: Room, url: string, values: Record<string, string>): Promise<Claim> {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) {
    // A box that is not ticked is not sent, as in any form.
    if (name !== "causal" || value === "true") form.set(name, value);
  }
  const { status, body } = await room.wire.upload(url, form);
  if (status === 200) return body["claim"] as Claim;
  const errors = Object.entries((body["errors"] as Record<string, string[]> | undefined) ?? {})[0];
  if (errors) throw new FieldError(errors[0], errors[1][0] ?? "");
  throw new Error(typeof body["error"] === "string" ? body["error"] : t("panel_failed"));
}

/** New words of a claim that is there already: the same figure said again. */
const known = (claims: readonly Claim[]): Field[] =>
  claims.length
    ? [{ name: "existing", label: t("claim_existing"), kind: "select", options: [{ value: "", label: t("claim_new") }, ...claims.map(({ id, statement }) => ({ value: id, label: statement.slice(0, 80) }))] }]
    : [];

async function add(room: Room, given: Register, words: string): Promise<boolean> {
  const start = { statement: words, ...guess(words) };
  let id = "";
  const fields = [...filled(given.fields, start, ""), ...known(given.claims)];
  const values = await openForm({
    title: t("claim_register"),
    wide: true,
    fields,
    work: async ({ existing, ...claim }) => {
      id = existing || (await store(room, room.config.claimsUrl, claim)).id;
    },
  });
  if (!values) return false;
  // Others may have written meanwhile: the selection moved along, the positions of before did not.
  if (!selectedWords(room.view.state)) room.say(t("claim_unmarked"));
  else run(room, markClaim(id));
  return true;
}

async function change(room: Room, given: Register, claim: Claim): Promise<boolean> {
  const here = runsOf(room.view.state.doc, claim.id).length > 0;
  const values = await openForm({
    title: t("claim_change"),
    wide: true,
    fields: filled(given.fields, claim, claim.id),
    ...(here && { actions: [{ name: "unmark", label: t("claim_unmark") }] }),
    work: async (sent) => void (await store(room, `${room.config.claimsUrl}${claim.id}/`, sent)),
  });
  if (values?.["action"] === "unmark") run(room, unmarkClaim(claim.id));
  return values !== null;
}

/** True when something was registered or changed. `id` names a claim; otherwise selection and cursor decide. */
export async function claimDialog(room: Room, id = ""): Promise<boolean> {
  const { state } = room.view;
  const selected = selectedWords(state);
  const at = id || (selected ? "" : claimAt(state));
  if (!selected && !at) {
    room.say(t("nothing_selected"));
    return false;
  }
  const given = await register(room);
  if (!given) {
    room.say(t("panel_failed"));
    return false;
  }
  const claim = given.claims.find((each) => each.id === at);
  if (claim) return change(room, given, claim);
  // A mark whose claim is gone: its words are registered anew when they are selected.
  if (!selected) room.say(t("claim_gone"));
  return selected ? add(room, given, selected.words) : false;
}

/**
 * Passkeys. `form[data-passkey]` says what for: `sign-in` asks the server for options, `get` and `create`
 * find theirs in the JSON element named by `data-options`, `sign` too, and fills `assertion` instead of
 * sending at once with another field. Without support the forms stay hidden.
 */
type Kind = "sign-in" | "get" | "create" | "sign";

const supported = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;

interface Options {
  publicKey: PublicKeyCredentialRequestOptionsJSON & PublicKeyCredentialCreationOptionsJSON;
}

async function optionsOf(form: HTMLFormElement, kind: Kind): Promise<Options> {
  if (kind === "sign-in") {
    const answer = await fetch(form.action, { headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" } });
    return ((await answer.json()) as { request_options: Options }).request_options;
  }
  const data = JSON.parse(document.getElementById(form.dataset.options ?? "")?.textContent ?? "{}") as Record<string, Options>;
  return data[kind === "create" ? "creation_options" : "request_options"] ?? (data as unknown as Options);
}

/** A key that can be found without an address, so that it signs in by itself. */
function discoverable(options: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptionsJSON {
  const selection: AuthenticatorSelectionCriteria = {
    ...options.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  return { ...options, authenticatorSelection: selection };
}

async function answer(form: HTMLFormElement, kind: Kind): Promise<string> {
  const { publicKey } = await optionsOf(form, kind);
  const credential =
    kind === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(discoverable(publicKey)) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  return JSON.stringify((credential as PublicKeyCredential | null)?.toJSON() ?? null);
}

async function begin(form: HTMLFormElement, kind: Kind): Promise<void> {
  const refusal = form.querySelector<HTMLElement>("[data-refusal]");
  const field = form.querySelector<HTMLInputElement>(kind === "sign" ? "input[name=assertion]" : "input[name=credential]");
  if (!field) return;
  if (refusal) refusal.hidden = true;
  try {
    field.value = await answer(form, kind);
    form.submit();
  } catch {
    // Cancelled, timed out, or no such key here: the person is told, and can try again.
    if (!refusal) return;
    refusal.textContent = form.dataset.failed ?? "";
    refusal.hidden = false;
  }
}

if (supported) {
  for (const element of document.querySelectorAll<HTMLElement>("[data-needs-passkey], form[data-passkey], [data-passkey-button]")) element.hidden = false;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    const kind = form.dataset.passkey as Kind;
    form.addEventListener(
      "submit",
      (event) => {
        // A form that signs has a code field as well: only its passkey button comes here.
        if (kind === "sign" && !event.submitter?.hasAttribute("data-passkey-button")) return;
        event.preventDefault();
        event.stopPropagation();
        void begin(form, kind);
      },
      { capture: true },
    );
  }
}

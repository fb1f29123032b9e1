/** What operators' pages do in the browser: passkeys, and secrets that came behind a link's `#`. */
import { startAuthentication, startRegistration } from "@simplewebauthn/browser";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void askAuthenticator(form);
  });
}

const linked = document.querySelector<HTMLFormElement>("form[data-fragment]");
if (linked) takeFragment(linked);

/** Asks the authenticator, puts what it says into the form, and sends that. */
async function askAuthenticator(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]")!;
  const status = form.querySelector<HTMLElement>("[data-passkey-status]")!;
  button.disabled = true;
  status.textContent = "Waiting for your passkey…";
  try {
    const optionsJSON = await optionsOf(form);
    const response = form.dataset.passkey === "create"
      ? await startRegistration({ optionsJSON })
      : await startAuthentication({ optionsJSON });
    (form.elements.namedItem("response") as HTMLInputElement).value = JSON.stringify(response);
    form.submit();
  } catch (error) {
    status.textContent = wordsOf(error);
    button.disabled = false;
  }
}

async function optionsOf({ dataset }: HTMLFormElement) {
  if (!dataset.optionsFrom) return JSON.parse(dataset.options!);
  const response = await fetch(dataset.optionsFrom);
  if (!response.ok) throw new TypeError("Cannot begin: the service must answer");
  return await response.json();
}

function wordsOf(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "AbortError") {
    return "No passkey was used. Try again when you are ready.";
  }
  if (name === "InvalidStateError") return "This device holds a passkey of this account already.";
  if (name === "TypeError") return "The service did not answer. Try again in a moment.";
  return "This browser could not use a passkey here.";
}

/** A link's secret stands behind its `#`, which no server and no referrer is told. */
function takeFragment(form: HTMLFormElement): void {
  const secret = location.hash.slice(1);
  if (!secret) return;
  history.replaceState(null, "", location.pathname + location.search);
  const field = form.elements.namedItem("token") as HTMLInputElement;
  field.value = secret;
  field.closest<HTMLElement>(".field")!.hidden = true;
  // Nothing else is asked for here, so there is nothing to wait for.
  if (form.querySelectorAll("input:not([type=hidden])").length === 1) form.submit();
  else form.querySelector<HTMLInputElement>(".field:not([hidden]) input")?.focus();
}

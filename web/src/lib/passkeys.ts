import type { components } from "../client.gen.ts";

type Attestation = components["schemas"]["Attestation"];
type Assertion = components["schemas"]["Assertion"];

/** Whether this browser can make passkeys and log in with them here. They need https, or this machine, and a name. */
export function canUsePasskeys(): boolean {
  return "PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential && window.isSecureContext && !isNumber(window.location.hostname);
}

/** Whether the page's address is a number such as 192.168.1.20: browsers bind no passkey to one. */
export function isNumber(hostname: string): boolean {
  return /^[\d.]+$/.test(hostname) || hostname.startsWith("[");
}

/** Lets the device make a key; null where its owner thought better of it. */
export async function makePasskey(options: unknown): Promise<Attestation | null> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
  const made = await asked(navigator.credentials.create({ publicKey }));
  if (made === null) return null;
  const { id, rawId, response } = made.toJSON() as Attestation;
  return { id, rawId, type: "public-key", response: { clientDataJSON: response.clientDataJSON, attestationObject: response.attestationObject } };
}

/** Lets the device show a key of its own; null where its owner thought better of it. */
export async function showPasskey(options: unknown): Promise<Assertion | null> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  const shown = await asked(navigator.credentials.get({ publicKey }));
  if (shown === null) return null;
  const { id, rawId, response } = shown.toJSON() as Assertion;
  const { clientDataJSON, authenticatorData, signature, userHandle = null } = response;
  return { id, rawId, type: "public-key", response: { clientDataJSON, authenticatorData, signature, userHandle } };
}

async function asked(question: Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    return (await question) as PublicKeyCredential | null;
  } catch (cause) {
    // closed, or too late; the device says no more than that
    if (cause instanceof DOMException && (cause.name === "NotAllowedError" || cause.name === "AbortError")) return null;
    throw cause;
  }
}

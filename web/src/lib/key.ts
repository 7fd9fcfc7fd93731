/** 128 random bits, for Idempotency-Key; randomUUID is missing where the page came without https. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

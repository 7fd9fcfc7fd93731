/** Checks of the header's fields; each throws ResultFormatError with the name of the part. */

import { ResultFormatError } from "./columns.ts";

export function asRecord(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new ResultFormatError(`${name} is not an object`);
  return value as Record<string, unknown>;
}

export function asArray(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw new ResultFormatError(`${name} is not a list`);
  return value as unknown[];
}

export function asPositive(value: unknown, name: string): void {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) throw new ResultFormatError(`${name} is not a positive number`);
}

export function asWhole(value: unknown, name: string): void {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new ResultFormatError(`${name}: not a whole number`);
}

export function asFinite(value: unknown, name: string): void {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new ResultFormatError(`${name}: not a number`);
}

export function asText(value: unknown, name: string): string {
  if (typeof value !== "string") throw new ResultFormatError(`${name}: not a text`);
  return value;
}

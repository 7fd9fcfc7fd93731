import { newKey } from "../../lib/key.ts";
import { recall, remember } from "../../lib/memory.ts";
import { checksum } from "./parts.ts";

/**
 * What a reload, a crash or an ended session must not lose: which video a file was being sent to.
 * The keys make a repeated request mean the same thing to the API.
 */
export interface UploadRecord {
  fingerprint: string;
  fileName: string;
  sizeBytes: number;
  /** Of them in storage, when last heard. */
  storedBytes: number;
  startedAt: number;
  videoKey: string;
  analysisKey: string;
  videoId: string | null;
}

/** Weeks without a network must not cost a film. The API forgets what it has after a day: then all of it is sent anew. */
const lifetimeMs = 30 * 24 * 3600 * 1000;
const headBytes = 1 << 20;

/**
 * By what a file is known again: its size and the SHA-256 of its first MiB. Not its name or time, because phones
 * give a clip from their gallery new ones each time. The digests of its parts have the last word.
 */
export async function fingerprintOf(file: Blob): Promise<string> {
  return `${file.size}|${await checksum(await file.slice(0, headBytes).arrayBuffer())}`;
}

export function newRecord(fileName: string, sizeBytes: number, fingerprint: string): UploadRecord {
  return {
    fingerprint,
    fileName,
    sizeBytes,
    storedBytes: 0,
    startedAt: Date.now(),
    videoKey: newKey(),
    analysisKey: newKey(),
    videoId: null,
  };
}

function keyOf(userId: string): string {
  return `ascension.uploads.${userId}`;
}

export function loadRecords(userId: string, nowMs: number = Date.now()): UploadRecord[] {
  const stored = recall(keyOf(userId));
  return Array.isArray(stored) ? stored.filter(isRecord).filter((record) => nowMs - record.startedAt < lifetimeMs) : [];
}

export function findRecord(userId: string, fingerprint: string): UploadRecord | null {
  return loadRecords(userId).find((record) => record.fingerprint === fingerprint) ?? null;
}

/** Adds the record or replaces the one of the same file. */
export function saveRecord(userId: string, record: UploadRecord): void {
  const others = loadRecords(userId).filter((other) => other.fingerprint !== record.fingerprint);
  remember(keyOf(userId), [...others, record]);
}

export function dropRecord(userId: string, fingerprint: string): void {
  const rest = loadRecords(userId).filter((record) => record.fingerprint !== fingerprint);
  remember(keyOf(userId), rest.length > 0 ? rest : null);
}

/** What this tab was sending: it goes on by itself after a reload or a crash, but not on another visit. */
export function wasSending(userId: string, fingerprint: string): boolean {
  return sending(userId).includes(fingerprint);
}

export function noteSending(userId: string, fingerprint: string, isSending: boolean): void {
  const others = sending(userId).filter((other) => other !== fingerprint);
  const all = isSending ? [...others, fingerprint] : others;
  remember(keyOf(userId), all.length > 0 ? all : null, "sessionStorage");
}

export function forgetSending(userId: string): void {
  remember(keyOf(userId), null, "sessionStorage");
}

function sending(userId: string): string[] {
  const stored = recall(keyOf(userId), "sessionStorage");
  return Array.isArray(stored) ? stored.filter((value) => typeof value === "string") : [];
}

function isRecord(value: unknown): value is UploadRecord {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Record<string, unknown>;
  const texts = ["fingerprint", "fileName", "videoKey", "analysisKey"].every((field) => typeof record[field] === "string");
  const numbers = ["sizeBytes", "storedBytes", "startedAt"].every((field) => typeof record[field] === "number");
  return texts && numbers && (record["videoId"] === null || typeof record["videoId"] === "string");
}

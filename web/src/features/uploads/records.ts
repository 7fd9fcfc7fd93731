import { newKey } from "../../lib/key.ts";
import { recall, remember } from "../../lib/memory.ts";

/**
 * What a reload, a crash or an ended session must not lose: which video a file was being sent to.
 * The keys make a repeated request mean the same thing to the API.
 */
export interface UploadRecord {
  fingerprint: string;
  fileName: string;
  sizeBytes: number;
  startedAt: number;
  videoKey: string;
  analysisKey: string;
  videoId: string | null;
}

/** The API removes unfinished uploads after a day. */
const lifetimeMs = 24 * 3600 * 1000;

/** The same file chosen again has the same name, size and time of last change. */
export function fingerprintOf(file: { name: string; size: number; lastModified: number }): string {
  return `${file.name}|${file.size}|${file.lastModified}`;
}

export function newRecord(file: { name: string; size: number; lastModified: number }): UploadRecord {
  return {
    fingerprint: fingerprintOf(file),
    fileName: file.name,
    sizeBytes: file.size,
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

/** Adds the record or replaces the one of the same file. */
export function saveRecord(userId: string, record: UploadRecord): void {
  const others = loadRecords(userId).filter((other) => other.fingerprint !== record.fingerprint);
  remember(keyOf(userId), [...others, record]);
}

export function dropRecord(userId: string, fingerprint: string): void {
  const rest = loadRecords(userId).filter((record) => record.fingerprint !== fingerprint);
  remember(keyOf(userId), rest.length > 0 ? rest : null);
}

function isRecord(value: unknown): value is UploadRecord {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Record<string, unknown>;
  const texts = ["fingerprint", "fileName", "videoKey", "analysisKey"].every((field) => typeof record[field] === "string");
  const numbers = typeof record["sizeBytes"] === "number" && typeof record["startedAt"] === "number";
  return texts && numbers && (record["videoId"] === null || typeof record["videoId"] === "string");
}

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { dropRecord, fingerprintOf, loadRecords, newRecord, saveRecord } from "./records.ts";

// Node has no window; the browser's storage is a map of strings
const storage = new Map<string, string>();
Object.assign(globalThis, {
  window: {
    localStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => storage.set(key, value),
      removeItem: (key: string) => storage.delete(key),
    },
  },
});

const file = { name: "climb.mp4", size: 1234, lastModified: 99 };

beforeEach(() => storage.clear());

test("the same file finds its record again, another climber does not", () => {
  const record = { ...newRecord(file), videoId: "v1" };
  saveRecord("mina", record);
  assert.deepEqual(loadRecords("mina"), [record]);
  assert.equal(loadRecords("mina")[0]?.fingerprint, fingerprintOf({ ...file }));
  assert.deepEqual(loadRecords("tom"), []);
});

test("saving again replaces, dropping removes every trace", () => {
  const record = newRecord(file);
  saveRecord("mina", record);
  saveRecord("mina", { ...record, videoId: "v2" });
  assert.deepEqual(loadRecords("mina").map((known) => known.videoId), ["v2"]);
  dropRecord("mina", record.fingerprint);
  assert.equal(storage.size, 0);
});

test("records older than a day and strangers' data are ignored", () => {
  const record = newRecord(file);
  saveRecord("mina", record);
  assert.deepEqual(loadRecords("mina", record.startedAt + 25 * 3600 * 1000), []);
  storage.set("ascension.uploads.mina", '[{"fingerprint": 3}, null, "x"]');
  assert.deepEqual(loadRecords("mina"), []);
  storage.set("ascension.uploads.mina", "not json");
  assert.deepEqual(loadRecords("mina"), []);
});

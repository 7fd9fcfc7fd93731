import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { dropRecord, fingerprintOf, forgetSending, loadRecords, newRecord, noteSending, saveRecord, wasSending } from "./records.ts";

// Node has no window; the browser's storages are maps of strings
const [storage, tab] = [new Map<string, string>(), new Map<string, string>()];
const asStorage = (map: Map<string, string>) => ({
  getItem: (key: string) => map.get(key) ?? null,
  setItem: (key: string, value: string) => map.set(key, value),
  removeItem: (key: string) => map.delete(key),
});
Object.assign(globalThis, { window: { localStorage: asStorage(storage), sessionStorage: asStorage(tab) } });

const bytes = new Uint8Array(3 << 20).map((_, index) => index % 251);
const clip = new Blob([bytes]);

beforeEach(() => {
  storage.clear();
  tab.clear();
});

test("a file is known by its content, whatever its name and time; another content is another file", async () => {
  const fingerprint = await fingerprintOf(new File([bytes], "IMG_1.mov", { lastModified: 1 }));
  assert.equal(await fingerprintOf(new File([bytes], "IMG_2.mov", { lastModified: 2 })), fingerprint);
  assert.match(fingerprint, /^3145728\|[A-Za-z0-9+/]{43}=$/);
  const other = bytes.slice();
  other[17] = 255;
  assert.notEqual(await fingerprintOf(new Blob([other])), fingerprint);
  assert.notEqual(await fingerprintOf(clip.slice(0, -1)), fingerprint);
});

test("a record is its climber's alone", () => {
  const record = { ...newRecord("climb.mp4", 1234, "f"), videoId: "v1" };
  saveRecord("mina", record);
  assert.deepEqual(loadRecords("mina"), [record]);
  assert.deepEqual(loadRecords("tom"), []);
});

test("saving again replaces, dropping removes every trace", () => {
  const record = newRecord("climb.mp4", 1234, "f");
  saveRecord("mina", record);
  saveRecord("mina", { ...record, videoId: "v2" });
  assert.deepEqual(loadRecords("mina").map((known) => known.videoId), ["v2"]);
  dropRecord("mina", record.fingerprint);
  assert.equal(storage.size, 0);
});

test("records older than thirty days and strangers' data are ignored", () => {
  const record = newRecord("climb.mp4", 1234, "f");
  saveRecord("mina", record);
  assert.deepEqual(loadRecords("mina", record.startedAt + 31 * 24 * 3600 * 1000), []);
  assert.equal(loadRecords("mina", record.startedAt + 29 * 24 * 3600 * 1000).length, 1, "weeks without a network lose nothing");
  assert.equal(loadRecords("mina", record.startedAt - 24 * 3600 * 1000).length, 1);
  storage.set("ascension.uploads.mina", '[{"fingerprint": 3}, null, "x"]');
  assert.deepEqual(loadRecords("mina"), []);
  storage.set("ascension.uploads.mina", "not json");
  assert.deepEqual(loadRecords("mina"), []);
});

test("a tab knows what it was sending, until it is told otherwise", () => {
  noteSending("mina", "f", true);
  noteSending("mina", "f", true);
  noteSending("mina", "g", true);
  assert.ok(wasSending("mina", "f"));
  assert.ok(!wasSending("tom", "f"));
  noteSending("mina", "f", false);
  assert.ok(!wasSending("mina", "f"));
  forgetSending("mina");
  assert.equal(tab.size, 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { nothingLoaded, withEvent, withFirstPage, withRows, withVideo, type Analysis, type LiveEvent } from "./state.ts";

function row(id: string, change: Partial<Analysis> = {}): Analysis {
  return {
    id,
    video: { id: `v${id}`, file_name: "climb.mp4", state: "uploaded", size_bytes: 1, expires_at: "2026-11-22T18:00:00Z", saved_at: null, archive: null, cleaning: null },
    state: "queued",
    stage: null,
    progress_pct: 0,
    attempt: 1,
    failure: null,
    choices: {},
    route: null,
    route_id: null,
    tags: [],
    has_wall_picture: false,
    thumbnail: null,
    created_at: "2026-11-21T12:00:00Z",
    started_at: null,
    finished_at: null,
    summary: null,
    ...change,
  };
}

function event(type: LiveEvent["type"], change: Partial<LiveEvent> = {}): LiveEvent {
  const at = "2026-11-21T12:00:05Z";
  return { type, analysis_id: "1", at, stage: "poses", progress_pct: 40, attempt: 1, figures: {}, failure: null, ...change };
}

test("rows stand newest first and are replaced by id", () => {
  const state = withRows(withRows(nothingLoaded, [row("1"), row("3")]), [row("2"), row("1", { attempt: 2 })]);
  assert.deepEqual(state.items.map((item) => item.id), ["3", "2", "1"]);
  assert.equal(state.items[2]?.attempt, 2);
});

test("progress moves forward and carries its figures", () => {
  const queued = withRows(nothingLoaded, [row("1")]);
  const forward = withEvent(queued, event("analysis.progress", { figures: { frames_per_s: 21.3 } }));
  assert.equal(forward?.items[0]?.state, "processing");
  assert.equal(forward.items[0].progress_pct, 40);
  assert.deepEqual(forward.figures["1"], { frames_per_s: 21.3 });
  const late = withEvent(forward, event("analysis.progress", { progress_pct: 38 }));
  assert.equal(late?.items[0]?.progress_pct, 40);
});

test("a new attempt starts over", () => {
  const running = withRows(nothingLoaded, [row("1", { state: "processing", progress_pct: 70 })]);
  const again = withEvent(running, event("analysis.queued", { attempt: 2, progress_pct: 0 }));
  assert.equal(again?.items[0]?.state, "queued");
  assert.equal(again.items[0].progress_pct, 0);
  const second = withEvent(running, event("analysis.progress", { attempt: 2, progress_pct: 5 }));
  assert.equal(second?.items[0]?.progress_pct, 5);
});

test("progress that arrives after the end changes nothing", () => {
  const ended = withRows(nothingLoaded, [row("1", { state: "canceled" })]);
  assert.equal(withEvent(ended, event("analysis.progress")), ended);
});

test("a failure brings its reason; a start clears it", () => {
  const failure = { error: "no_person", detail: "No climber was found in the video." };
  const failed = withEvent(withRows(nothingLoaded, [row("1")]), event("analysis.failed", { failure }));
  assert.deepEqual(failed?.items[0]?.failure, failure);
  const again = withEvent(failed, event("analysis.started", { stage: null, progress_pct: 0 }));
  assert.equal(again?.items[0]?.failure, null);
  assert.equal(again.items[0].state, "processing");
});

test("only the row itself can tell of a result or an unknown analysis", () => {
  const state = withRows(nothingLoaded, [row("1")]);
  assert.equal(withEvent(state, event("analysis.completed")), null);
  assert.equal(withEvent(state, event("analysis.progress", { analysis_id: "9" })), null);
});

test("a fresh first page drops what was deleted elsewhere and keeps older pages", () => {
  const loaded = { ...withRows(nothingLoaded, ["1", "2", "3", "4", "5"].map((id) => row(id))), nextCursor: "older", loaded: true };
  const fresh = withFirstPage(loaded, [row("6"), row("5"), row("3")], "3");
  assert.deepEqual(fresh.items.map((item) => item.id), ["6", "5", "3", "2", "1"]);
  assert.equal(fresh.nextCursor, "older");
  assert.deepEqual(withFirstPage(loaded, [], null).items, []);
});

test("an old climb that was opened by its address does not stand for the pages between", () => {
  const opened = withRows(nothingLoaded, [row("1")]);
  const listed = withFirstPage(opened, [row("6"), row("5")], "5");
  assert.deepEqual([listed.items.map((item) => item.id), listed.nextCursor], [["6", "5", "1"], "5"]);
  assert.equal(withFirstPage(listed, [row("7"), row("6")], "6").nextCursor, "5");
});

test("what the API says of a video stands on every analysis of it, and on no other", () => {
  const video = { ...row("1").video, id: "shared" };
  const before = withRows(nothingLoaded, [row("1", { video }), row("2", { video }), row("3")]);
  const after = withVideo(before, { ...video, expires_at: null, saved_at: "2026-11-22T10:00:00Z" });
  assert.deepEqual(
    after.items.map((item) => [item.id, item.video.saved_at, item.video.expires_at, item.video.file_name]),
    [
      ["3", null, "2026-11-22T18:00:00Z", "climb.mp4"],
      ["2", "2026-11-22T10:00:00Z", null, "climb.mp4"],
      ["1", "2026-11-22T10:00:00Z", null, "climb.mp4"],
    ],
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Analysis } from "../../lib/api.ts";
import { candidatesOf, ordered, outcomesOf } from "./candidates.ts";

function climb(id: string, route: string | null, outcomes: string[] | null): Analysis {
  return {
    id,
    video: { id: `v${id}`, file_name: `${id}.mp4`, state: "uploaded", size_bytes: 1, expires_at: "2026-11-22T18:00:00Z", saved_at: null, archive: null, cleaning: null },
    state: "completed",
    stage: null,
    progress_pct: 100,
    attempt: 1,
    failure: null,
    choices: {},
    route,
    has_wall_picture: false,
    created_at: "2026-11-21T12:00:00Z",
    started_at: null,
    finished_at: null,
    summary: outcomes === null ? null : { attempts: outcomes.map((outcome) => ({ outcome })) },
  };
}

test("the same route comes first, however it is written; the clip's own attempts before all; what is not ready is left out", () => {
  const climbs = [climb("d", "Slab ", ["top"]), climb("c", null, ["fall", "top"]), climb("b", "slab", ["fall", "top"]), climb("a", "other", null)];
  const found = candidatesOf(climbs[2] ?? climb("", null, []), 2, climbs);
  const names = (list: typeof found.here) => list.map(({ analysis, attempt, outcome, isOnly }) => `${analysis.id}${attempt} ${outcome} ${String(isOnly)}`);
  assert.deepEqual(names(found.here), ["b1 fall false"]);
  assert.deepEqual(names(found.sameRoute), ["d1 top true"]);
  assert.deepEqual(names(found.others), ["c1 fall false", "c2 top false"]);
});

test("without a name of the route nothing is called the same route", () => {
  const climbs = [climb("b", null, ["top"]), climb("a", null, ["top"])];
  assert.equal(candidatesOf(climb("b", null, ["top"]), 1, climbs).sameRoute.length, 0);
});

test("results from before attempts were counted have one, nobody has none, and what is not analyzed is not known", () => {
  assert.deepEqual(outcomesOf({ summary: { frame_count: 3 } }), ["unknown"]);
  assert.deepEqual(outcomesOf({ summary: { attempts: [] } }), []);
  assert.equal(outcomesOf({ summary: null }), null);
});

test("the earlier climb is the first, whichever was open", () => {
  const [early, late] = [{ analysis_id: "a", attempt: 2 }, { analysis_id: "b", attempt: 1 }];
  assert.deepEqual(ordered(late, early), [early, late]);
  assert.deepEqual(ordered(early, late), [early, late]);
  const again = { analysis_id: "a", attempt: 1 };
  assert.deepEqual(ordered(early, again), [again, early]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { candidatesOf, coachedClimb, ordered, outcomesOf, type SeenClimb } from "./candidates.ts";

function climb(id: string, route: string | null, outcomes: string[] | null): SeenClimb {
  return { id, name: `${id}.mp4`, climber: null, route, createdAt: "2026-11-21T12:00:00Z", hasWallPicture: false, outcomes };
}

test("the same route comes first, however it is written; the clip's own attempts before all; what is not ready is left out", () => {
  const climbs = [climb("d", "Slab ", ["top"]), climb("c", null, ["fall", "top"]), climb("b", "slab", ["fall", "top"]), climb("a", "other", null)];
  const found = candidatesOf(climbs[2] ?? climb("", null, []), 2, climbs);
  const names = (list: typeof found.here) => list.map(({ climb: { id }, attempt, outcome, isOnly }) => `${id}${attempt} ${outcome} ${String(isOnly)}`);
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

test("a climb of somebody whom one coaches counts like one's own, and says whose it is", () => {
  const theirs = { id: "e", file_name: "e.mp4", route: "SLAB", created_at: "2026-11-21T12:00:00Z", figures: {}, outcomes: null, comments: 0 };
  const found = candidatesOf(climb("b", "slab", ["top"]), 1, [coachedClimb(theirs, "Alma")]);
  assert.deepEqual(found.sameRoute.map(({ climb: { climber }, outcome }) => [climber, outcome]), [["Alma", "unknown"]]);
});

test("the earlier climb is the first, whichever was open", () => {
  const [early, late] = [{ analysis_id: "a", attempt: 2 }, { analysis_id: "b", attempt: 1 }];
  assert.deepEqual(ordered(late, early), [early, late]);
  assert.deepEqual(ordered(early, late), [early, late]);
  const again = { analysis_id: "a", attempt: 1 };
  assert.deepEqual(ordered(early, again), [again, early]);
});

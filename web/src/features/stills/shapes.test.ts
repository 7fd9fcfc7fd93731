import assert from "node:assert/strict";
import { test } from "node:test";

import { angleDeg, changed, empty, headOf, isComplete, redone, undone, withPlace, type Shape } from "./shapes.ts";

const line: Shape = { tool: "line", points: [[0, 0], [5, 5]], color: "#fff" };

test("an angle is the smaller one, whichever arm comes first", () => {
  assert.equal(Math.round(angleDeg([[1, 0], [0, 0], [0, 1]])), 90);
  assert.equal(Math.round(angleDeg([[0, 1], [0, 0], [1, 0]])), 90);
  assert.equal(Math.round(angleDeg([[-1, 0.0001], [0, 0], [1, 0]])), 180);
  assert.equal(Math.round(angleDeg([[-1, -1], [0, 0], [-1, 1]])), 90, "across the back of the circle");
});

test("every change can be taken back and made again, clearing too", () => {
  const drawn = changed(changed(empty, [line]), [line, line]);
  const cleared = changed(drawn, []);
  assert.equal(undone(cleared).now.length, 2);
  assert.equal(redone(undone(cleared)).now.length, 0);
  assert.equal(undone(undone(undone(undone(cleared)))).now.length, 0);
  assert.equal(changed(undone(drawn), [line]).after.length, 0, "a new change ends what was taken back");
});

test("what is not complete is not kept", () => {
  assert.ok(isComplete(line));
  assert.ok(!isComplete({ ...line, tool: "angle" }));
  assert.ok(!isComplete({ ...line, tool: "text", points: [[1, 1]], text: "  " }));
  assert.ok(!isComplete({ ...line, tool: "pen", points: [[1, 1]] }));
});

test("an arrow's head lies behind its tip, on both sides", () => {
  const [above, below] = headOf([[0, 0], [10, 0]], 2);
  assert.ok(above[0] < 10 && below[0] < 10);
  assert.ok(Math.abs(above[1] + below[1]) < 1e-9);
});

test("a pen that stands writes nothing", () => {
  const way = withPlace(withPlace([[0, 0]], [0.5, 0], 2), [3, 0], 2);
  assert.deepEqual(way, [[0, 0], [3, 0]]);
});

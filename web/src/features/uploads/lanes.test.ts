import assert from "node:assert/strict";
import { test } from "node:test";

import { inLanes } from "./lanes.ts";

/** Work that each test ends by hand: `end(item, tookMs)`. */
function byHand() {
  const ends = new Map<number, { resolve: (tookMs: number | null) => void; reject: (cause: unknown) => void }>();
  const began: number[] = [];
  const work = (item: number) => {
    began.push(item);
    return new Promise<number | null>((resolve, reject) => ends.set(item, { resolve, reject }));
  };
  const end = async (item: number, tookMs: number | null) => {
    ends.get(item)?.resolve(tookMs);
    await turn();
  };
  return { began, work, end, fail: (item: number, cause: unknown) => ends.get(item)?.reject(cause) };
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

test("one part at a time while the network is slow", async () => {
  const { began, work, end } = byHand();
  const all = inLanes([1, 2, 3, 4], work);
  assert.deepEqual(began, [1]);
  await end(1, 13_000);
  assert.deepEqual(began, [1, 2]);
  await end(2, 5_000);
  assert.deepEqual(began, [1, 2, 3]);
  await end(3, 9_000);
  await end(4, 9_000);
  await all;
});

test("a part that took less than five seconds opens the lanes beside it, a slow one closes them", async () => {
  const { began, work, end } = byHand();
  void inLanes([1, 2, 3, 4, 5, 6, 7, 8], work);
  await end(1, 1_500);
  assert.deepEqual(began, [1, 2, 3, 4]);
  await end(2, 12_000); // three shared the way: alone it would have been quick
  assert.deepEqual(began, [1, 2, 3, 4, 5]);
  await end(3, 60_000);
  assert.deepEqual(began, [1, 2, 3, 4, 5]);
  await end(4, 60_000);
  await end(5, 60_000);
  assert.deepEqual(began, [1, 2, 3, 4, 5, 6]);
});

test("what was there already says nothing of the network", async () => {
  const { began, work, end } = byHand();
  void inLanes([1, 2, 3], work);
  await end(1, null);
  assert.deepEqual(began, [1, 2]);
});

test("the first failure ends it, and no items end it at once", async () => {
  const { work, end, fail } = byHand();
  const all = inLanes([1, 2, 3], work);
  await end(1, 10);
  fail(3, new Error("no"));
  await assert.rejects(all, /no/);
  await inLanes([], work);
});

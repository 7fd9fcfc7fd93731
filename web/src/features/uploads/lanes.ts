/** Parts that go side by side on a quick network. */
const mostLanes = 3;
/** A part that needs longer than this by itself goes alone: parts side by side would all arrive later. */
const quickMs = 5_000;

/**
 * Does `work` for every item in order: one at a time until one was quick, then a few side by side, until one is
 * slow again. So on a slow network little is under way at once, and little is lost when it stops.
 * `work` answers for how long the item was on its way, null where it was not sent. Throws what `work` throws first.
 */
export async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<number | null>): Promise<void> {
  const waiting = [...items];
  const running = new Set<Promise<void>>();
  let lanes = 1;
  const begin = (item: T) => {
    const shared = lanes;
    const one = work(item).then((tookMs) => {
      running.delete(one);
      if (tookMs !== null) lanes = tookMs / shared < quickMs ? mostLanes : 1;
    });
    running.add(one);
  };
  for (;;) {
    for (const item of waiting.splice(0, lanes - running.size)) begin(item);
    if (running.size === 0) return;
    await Promise.race(running);
  }
}

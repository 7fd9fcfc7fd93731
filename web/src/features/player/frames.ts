/**
 * Media times in browsers are rounded (WebM: to a millisecond): this much may miss to the next frame.
 * Far below the shortest frame of any phone (240 frames/s: 4.2 ms).
 */
const roundingS = 0.0015;

/** The frame on screen at a media time: the last one that has begun. Before the first: 0. */
export function frameAt(timesS: Float64Array, mediaTimeS: number): number {
  let low = 0;
  let high = timesS.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((timesS[middle] ?? 0) <= mediaTimeS + roundingS) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A place to seek to that shows exactly this frame: its middle, so that rounding cannot miss it. */
export function seekTimeS(timesS: Float64Array, frame: number): number {
  const begin = timesS[frame] ?? 0;
  const end = timesS[frame + 1];
  if (end !== undefined) return (begin + end) / 2;
  const previous = timesS[frame - 1];
  return previous === undefined ? begin : begin + (begin - previous) / 4;
}

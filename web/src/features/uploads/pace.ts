/** How fast an upload has been lately, and so how long the rest takes. */
export interface Pace {
  /** Bytes sent until `nowMs`. Where they are fewer than before (a part is sent again), it begins anew. */
  add: (nowMs: number, sentBytes: number) => void;
  /** Coarse, because networks change; null while too little is known. */
  leftS: (sizeBytes: number) => number | null;
}

const windowMs = 20_000;
const leastMs = 3_000;

export function createPace(): Pace {
  let samples: { nowMs: number; sentBytes: number }[] = [];
  return {
    add: (nowMs, sentBytes) => {
      const last = samples.at(-1);
      if (last !== undefined && sentBytes < last.sentBytes) samples = [];
      samples = [...samples.filter((sample) => nowMs - sample.nowMs <= windowMs), { nowMs, sentBytes }];
    },
    leftS: (sizeBytes) => {
      const [first, last] = [samples[0], samples.at(-1)];
      if (first === undefined || last === undefined || last.nowMs - first.nowMs < leastMs) return null;
      const bytesPerS = (1000 * (last.sentBytes - first.sentBytes)) / (last.nowMs - first.nowMs);
      return bytesPerS > 0 ? coarse((sizeBytes - last.sentBytes) / bytesPerS) : null;
    },
  };
}

/** Up: to 5 s below a minute, else to whole minutes. */
function coarse(seconds: number): number {
  const step = seconds <= 55 ? 5 : 60;
  return Math.max(5, Math.ceil(seconds / step) * step);
}

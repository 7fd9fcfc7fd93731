/** The number columns of a result file: docs/guides/result-format.md, "Codings". */

export interface ColumnEntry {
  name: string;
  shape: number[];
  unit: string;
  scale: number;
  mask: string | null;
  coding: "delta1-varint" | "delta2-varint";
  offset_bytes: number;
  length_bytes: number;
}

/** A result file that does not follow its format; the message says where. */
export class ResultFormatError extends Error {}

const maxVarintBytes = 8;

/**
 * One column as frame-major numbers (all channels of frame 0, then frame 1, ...), scaled to its unit.
 * Throws ResultFormatError where the bytes are not exactly the column.
 */
export function decodeColumn(bytes: Uint8Array, entry: ColumnEntry): Float64Array {
  const { name, scale } = entry;
  const frames = entry.shape[0] ?? 0;
  const count = entry.shape.reduce((product, size) => product * size, 1);
  const channels = frames === 0 ? 0 : count / frames;
  const isOfSteps = entry.coding === "delta2-varint";
  const values = new Float64Array(count);
  let position = 0;
  for (let channel = 0; channel < channels; channel += 1) {
    let value = 0;
    let step = 0;
    let at = channel;
    for (let frame = 0; frame < frames; frame += 1) {
      const first = bytes[position] ?? 128;
      let residual: number;
      if (first < 128) {
        residual = (first >> 1) ^ -(first & 1); // most of them: here, because a phone reads them before its engine has made calls cheap
        position += 1;
      } else {
        const end = endOfVarint(bytes, position, name);
        residual = signedVarint(bytes, position, end);
        position = end;
      }
      // the first number of a channel is a place, not a step
      step = isOfSteps && frame > 1 ? step + residual : residual;
      value = frame === 0 ? residual : value + step;
      if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) throw new ResultFormatError(`${name}: a value beyond 2^53`);
      values[at] = value * scale;
      at += channels;
    }
  }
  if (position !== bytes.length) throw new ResultFormatError(`${entry.name}: more numbers than its shape`);
  return values;
}

function endOfVarint(bytes: Uint8Array, start: number, name: string): number {
  for (let end = start; end < bytes.length; end += 1) {
    if ((bytes[end] ?? 0) < 128) return end + 1;
    if (end - start + 1 === maxVarintBytes) throw new ResultFormatError(`${name}: a number of more than 8 bytes`);
  }
  throw new ResultFormatError(`${name}: too few numbers`);
}

/** A zigzag varint: 0, -1, 1, -2, ... */
function signedVarint(bytes: Uint8Array, start: number, end: number): number {
  const last = bytes[end - 1] ?? 0;
  let unsigned = last;
  // 53-bit arithmetic: the bit operators stop at 32
  for (let at = end - 2; at >= start; at -= 1) unsigned = unsigned * 128 + ((bytes[at] ?? 0) & 127);
  return unsigned % 2 === 1 ? -(unsigned + 1) / 2 : unsigned / 2;
}

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
  const frames = entry.shape[0] ?? 0;
  const count = entry.shape.reduce((product, size) => product * size, 1);
  const residuals = readVarints(bytes, count, entry.name);
  const channels = frames === 0 ? 0 : count / frames;
  const values = new Float64Array(count);
  for (let channel = 0; channel < channels; channel += 1) {
    let value = 0;
    let step = 0;
    for (let frame = 0; frame < frames; frame += 1) {
      const residual = residuals[channel * frames + frame] ?? 0;
      // the first number of a channel is a place, not a step
      step = entry.coding === "delta2-varint" && frame > 1 ? step + residual : residual;
      value = frame === 0 ? residual : value + step;
      if (!Number.isSafeInteger(value)) throw new ResultFormatError(`${entry.name}: a value beyond 2^53`);
      values[frame * channels + channel] = value * entry.scale;
    }
  }
  return values;
}

/** Exactly `count` zigzag varints that fill `bytes` exactly. */
function readVarints(bytes: Uint8Array, count: number, name: string): Float64Array {
  const numbers = new Float64Array(count);
  let position = 0;
  for (let index = 0; index < count; index += 1) {
    let unsigned = 0;
    let weight = 1;
    for (let length = 1; ; length += 1) {
      const byte = bytes[position];
      if (byte === undefined) throw new ResultFormatError(`${name}: too few numbers`);
      position += 1;
      // 53-bit arithmetic: the bit operators stop at 32
      unsigned += (byte & 127) * weight;
      if (byte < 128) break;
      if (length === maxVarintBytes) throw new ResultFormatError(`${name}: a number of more than 8 bytes`);
      weight *= 128;
    }
    numbers[index] = unsigned % 2 === 1 ? -(unsigned + 1) / 2 : unsigned / 2;
  }
  if (position !== bytes.length) throw new ResultFormatError(`${name}: more numbers than its shape`);
  return numbers;
}

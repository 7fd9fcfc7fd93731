/** What a picture of the camera looks like, measured as the analysis does (src/ascension/vision/appearance.py). */
import { limits } from "./limits.gen.ts";

/** Brightness of each pixel, 0-255, row by row. */
export interface Gray {
  values: Float32Array;
  width: number;
  height: number;
}

export interface Light {
  /** Mean, 0 black - 1 white. */
  brightness: number;
  /** Standard deviation, same scale. */
  contrast: number;
}

/** Of pictures as the browser gives them: four bytes a pixel. */
export function grayOf({ data, width, height }: Pick<ImageData, "data" | "width" | "height">): Gray {
  const values = new Float32Array(width * height);
  for (let pixel = 0; pixel < values.length; pixel += 1) {
    const at = 4 * pixel;
    values[pixel] = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  }
  return { values, width, height };
}

export function lightOf({ values }: Gray): Light {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { brightness: mean / 255, contrast: Math.sqrt(variance) / 255 };
}

/** How much fine structure a picture has in its poorer direction; about 0.2 is sharp. 0 where it is plain. */
export function sharpnessOf(gray: Gray): number {
  const { values, width, height } = gray;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  if (variance === 0) return 0;
  const across = bends(gray, 1, width - 2 * limits.stepPx, height);
  const down = bends(gray, width, width, height - 2 * limits.stepPx);
  return Math.min(across, down) / variance;
}

/** Mean square of the second difference; `stride`: from a pixel to the next one in that direction. */
function bends({ values, width }: Gray, stride: number, columns: number, rows: number): number {
  const step = limits.stepPx * stride;
  let sum = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = row * width + column;
      sum += ((values[at + 2 * step] ?? 0) - 2 * (values[at + step] ?? 0) + (values[at] ?? 0)) ** 2;
    }
  }
  return sum / Math.max(1, rows * columns);
}

/** Steps of brightness that are more than the grain of a camera. */
const movedBy = 18;
/** Above it the phone itself moves. */
const mostMoved = 0.35;
const fewestPixels = 2;

/** First and last row (end excluded) in which something moved between two pictures; null where nothing did, or everything. */
export function movedRows(before: Gray, after: Gray): { first: number; end: number } | null {
  let [first, end, moved] = [after.height, 0, 0];
  for (let row = 0; row < after.height; row += 1) {
    let count = 0;
    for (let at = row * after.width; at < (row + 1) * after.width; at += 1) {
      if (Math.abs((after.values[at] ?? 0) - (before.values[at] ?? 0)) > movedBy) count += 1;
    }
    moved += count;
    if (count < fewestPixels) continue;
    first = Math.min(first, row);
    end = row + 1;
  }
  return end === 0 || moved > mostMoved * after.values.length ? null : { first, end };
}

/** A result as tables for other programs, and as files on the device. */

import type { Result } from "./result.ts";
import { centersOf, heightsOf, speedsOf } from "./series.ts";

/** One row a frame, in the order and with the names of `ascension analyze --csv`; then what the charts show. An empty cell is what was not measured. */
export function framesTable(result: Result): string {
  const { facts, frameCount, timesS, person } = result;
  const centers = centersOf(result);
  const [heights, speeds] = [heightsOf(centers), speedsOf(timesS, centers)];
  const unit = facts.climb?.unit ?? facts.wall?.scale.unit ?? "torso";
  const angles = facts.joint_angles.map((name) => `${name}_deg`);
  const header = ["frame", "time_s", "person", "center_of_mass_x_px", "center_of_mass_y_px", ...angles, `center_of_mass_height_${unit}`, `center_of_mass_speed_${unit}_per_s`];
  const rows = Array.from({ length: frameCount }, (_, frame) => {
    const isSeen = person[frame] === 1;
    const center = [0, 1].map((axis) => (isSeen ? cell(result.centerOfMassPx[frame * 2 + axis], 2) : ""));
    const measured = angles.map((_name, index) => (result.anglesMeasured[frame * 8 + index] === 1 ? cell(result.anglesDeg[frame * 8 + index], 1) : ""));
    return [String(frame), cell(timesS[frame], 6), isSeen ? "1" : "0", ...center, ...measured, cell(heights[frame], 4), cell(speeds[frame], 4)];
  });
  return table([header, ...rows]);
}

/** One row a measure of each attempt: a value or a reason. */
export function measuresTable({ facts: { climb } }: Result): string {
  const header = ["attempt", "measure", "value", "unit", "confidence", "reason"];
  const rows = (climb?.attempts ?? []).flatMap(({ measures }, index) =>
    measures.map(({ name, value, unit, confidence, reason }) => [String(index + 1), name, value === null ? "" : String(value), unit, String(confidence), reason]),
  );
  return table([header, ...rows]);
}

function cell(value: number | undefined, decimals: number): string {
  return value === undefined || !Number.isFinite(value) ? "" : value.toFixed(decimals);
}

function table(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

/** Quoted where a comma would divide it; a word that a spreadsheet would take for a formula is a word. */
function quoted(text: string): string {
  const word = /^[=+@\t]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word;
}

/** "IMG 12/3.mp4", "frames.csv" -> "IMG 12-3-frames.csv" */
export function fileName(climb: string, ending: string): string {
  const base = climb.replace(/\.[^.]{1,5}$/, "").replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, "-").slice(0, 80).trim();
  return `${base === "" ? "climb" : base}-${ending}`;
}

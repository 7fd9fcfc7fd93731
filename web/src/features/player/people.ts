/** Who is in the picture at a moment, and where: for pointing out the climber. Lengths in pixels of the displayed frame. */

import type { components } from "../../result.gen.ts";

/** Somebody who was followed through the clip (docs/guides/result-format.md, "Header"). */
export type Person = components["schemas"]["Person"];
/** time_s, left_px, top_px, width_px, height_px */
export type TimedBox = Person["boxes"][number];

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where one person is now, and the box that was really seen, nearest in time: that one is sent. */
export interface Sighting {
  id: number;
  isClimber: boolean;
  now: Box;
  seen: TimedBox;
}

/** Boxes come about once a second: beyond this a person has left, or was not yet there. */
const nearS = 1.2;

/** Everybody seen within a moment of `atS`, the box between two sightings interpolated, from left to right. */
export function peopleAt(people: readonly Person[], atS: number): Sighting[] {
  const found = people.flatMap((person) => {
    const before = person.boxes.findLast(([timeS]) => timeS <= atS);
    const after = person.boxes.find(([timeS]) => timeS > atS);
    const seen = nearest(before, after, atS);
    if (seen === undefined || Math.abs(seen[0] - atS) > nearS) return [];
    const share = before === undefined || after === undefined || after[0] - before[0] > 2 * nearS ? null : (atS - before[0]) / (after[0] - before[0]);
    const now = share === null || before === undefined || after === undefined ? boxOf(seen) : between(boxOf(before), boxOf(after), share);
    return [{ id: person.id, isClimber: person.is_climber, now, seen }];
  });
  return found.sort((a, b) => a.now.left - b.now.left);
}

function nearest(before: TimedBox | undefined, after: TimedBox | undefined, atS: number): TimedBox | undefined {
  if (before === undefined || after === undefined) return before ?? after;
  return atS - before[0] <= after[0] - atS ? before : after;
}

export function boxOf([, left, top, width, height]: TimedBox): Box {
  return { left, top, width, height };
}

function between(a: Box, b: Box, share: number): Box {
  const mix = (from: number, to: number) => from + (to - from) * share;
  return { left: mix(a.left, b.left), top: mix(a.top, b.top), width: mix(a.width, b.width), height: mix(a.height, b.height) };
}

/** The box between two corners, inside the picture. */
export function boxBetween(a: readonly [number, number], b: readonly [number, number], picture: { width: number; height: number }): Box {
  const [left, right] = ordered(inside(a[0], picture.width), inside(b[0], picture.width));
  const [top, bottom] = ordered(inside(a[1], picture.height), inside(b[1], picture.height));
  return { left, top, width: right - left, height: bottom - top };
}

/** A box of a body's shape around a point: for a tap, and for the keyboard to begin with. */
export function boxAround([x, y]: readonly [number, number], picture: { width: number; height: number }): Box {
  const height = picture.height * 0.4;
  const width = Math.min(height * 0.6, picture.width);
  return moved({ left: x - width / 2, top: y - height / 2, width, height }, 0, 0, picture);
}

/** Shifted, but never out of the picture. */
export function moved(box: Box, right: number, down: number, picture: { width: number; height: number }): Box {
  return {
    ...box,
    left: Math.max(0, Math.min(picture.width - box.width, box.left + right)),
    top: Math.max(0, Math.min(picture.height - box.height, box.top + down)),
  };
}

/** Larger or smaller around its middle; stays in the picture and large enough to be sent. */
export function resized(box: Box, wider: number, taller: number, picture: { width: number; height: number }): Box {
  const width = Math.max(leastSidePx, Math.min(picture.width, box.width + wider));
  const height = Math.max(leastSidePx, Math.min(picture.height, box.height + taller));
  const left = box.left + (box.width - width) / 2;
  const top = box.top + (box.height - height) / 2;
  return moved({ left, top, width, height }, 0, 0, picture);
}

/** The API refuses smaller ones. */
export const leastSidePx = 8;

function inside(value: number, size: number): number {
  return Math.max(0, Math.min(size, value));
}

function ordered(a: number, b: number): [number, number] {
  return a < b ? [a, b] : [b, a];
}

/** What the user puts right, before it is sent: docs/guides/corrections.md. */

import type { components } from "../../client.gen.ts";
import type { Climb, Contact, LimbName } from "../player/climb.ts";
import { holdNumbers } from "../player/moments.ts";
import type { Point } from "../player/wall.ts";

type Schemas = components["schemas"];
export type Edits = Schemas["Edits"];
export type ContactKind = Schemas["ContactEdit"]["kind"];

/** As src/ascension/climbing/correcting.py has it: a hold this near to a place, in torso lengths, is meant. */
const nearTorso = 0.3;

/** A landmark in one frame, in pixels of the displayed frame. */
export interface PointDraft {
  frame: number;
  landmark: string;
  place: Point;
}

/** The hold that the result has at `at`; null: there is none. */
export interface HoldDraft {
  at: Point;
  to: Point | null;
}

/** Where a limb is in frames [start, end). "unseen": as it was read, nobody knows. */
export interface ContactDraft {
  /** The same while it is changed. */
  key: string;
  limb: LimbName;
  start: number;
  end: number;
  kind: ContactKind | "unseen";
  /** On the wall, in the climb's unit; null: none, or not told yet. */
  place: Point | null;
}

export interface Draft {
  points: readonly PointDraft[];
  holds: readonly HoldDraft[];
  contacts: readonly ContactDraft[];
}

export const nothing: Draft = { points: [], holds: [], contacts: [] };

export function countOf({ points, holds, contacts }: Draft): number {
  return points.length + holds.length + contacts.length;
}

export function withPoint(draft: Draft, point: PointDraft): Draft {
  const others = draft.points.filter(({ frame, landmark }) => frame !== point.frame || landmark !== point.landmark);
  return { ...draft, points: [...others, point] };
}

/** Contacts that were told on this hold go with it. */
export function withHold(draft: Draft, { at, to }: HoldDraft): Draft {
  const before = draft.holds.find((hold) => isSame(hold.at, at))?.to ?? at;
  const contacts = draft.contacts.map((contact) => (to !== null && contact.place !== null && isSame(contact.place, before) ? { ...contact, place: to } : contact));
  return { ...draft, holds: [...draft.holds.filter((hold) => !isSame(hold.at, at)), { at, to }], contacts };
}

export function withContact(draft: Draft, contact: ContactDraft): Draft {
  return { ...draft, contacts: [...draft.contacts.filter(({ key }) => key !== contact.key), contact] };
}

/** Contacts that still lack a place: they cannot be sent. */
export function unplaced({ contacts }: Draft): ContactDraft[] {
  return contacts.filter(({ kind, place }) => kind === "unseen" || (kind !== "none" && place === null));
}

/** As the API takes it: millimeters on the wall and tenths of pixels are more than a finger knows. */
export function editsOf({ points, holds, contacts }: Draft): Edits {
  return {
    keypoints: points.map(({ frame, landmark, place: [x, y] }) => ({ frame, landmark, x_px: rounded(x, 10), y_px: rounded(y, 10) })),
    holds: holds.map(({ at, to }) => ({ at: [...at], to: to === null ? null : sent(to) })),
    contacts: contacts.flatMap(({ limb, start, end, kind, place }) =>
      kind === "unseen" ? [] : [{ limb, start_frame: start, end_frame: end, kind, place: kind === "none" || place === null ? null : sent(place) }],
    ),
  };
}

export interface DraftedHold {
  number: number;
  /** Where the result has it: its name for the API. */
  at: Point;
  /** Where it is now; null: taken away. */
  place: Point | null;
}

/** The holds of the result as they are with the draft, in the order of their numbers. */
export function holdsWith(climb: Climb, draft: Draft): DraftedHold[] {
  const numbers = holdNumbers(climb);
  const found = climb.holds.flatMap(({ id, x, y }) => {
    const number = numbers.get(id);
    const at: Point = [x, y];
    const told = draft.holds.find((hold) => isSame(hold.at, at));
    return number === undefined ? [] : [{ number, at, place: told === undefined ? at : told.to }];
  });
  return found.sort((a, b) => a.number - b.number);
}

/** The hold that is meant by a place; null: there is none near. */
export function holdNear(holds: readonly DraftedHold[], [x, y]: Point, torso: number): DraftedHold | null {
  const away = ({ place }: DraftedHold) => (place === null ? Infinity : Math.hypot(place[0] - x, place[1] - y));
  const nearest = holds.reduce<DraftedHold | null>((best, hold) => (best === null || away(hold) < away(best) ? hold : best), null);
  return nearest !== null && away(nearest) <= nearTorso * torso ? nearest : null;
}

/** Where a limb is in a frame by the draft, else by the result: a contact, or the gap between two of them. */
export function contactUnder(climb: Climb, draft: Draft, limb: LimbName, frame: number, frameCount: number): ContactDraft {
  const told = draft.contacts.findLast((contact) => contact.limb === limb && contact.start <= frame && frame < contact.end);
  if (told !== undefined) return told;
  const own = climb.contacts.filter((contact) => contact.limb === limb);
  const found = own.find(({ start, end }) => start <= frame && frame < end);
  if (found !== undefined) return drafted(found, climb);
  const start = Math.max(0, ...own.filter(({ end }) => end <= frame).map(({ end }) => end));
  const end = Math.min(frameCount, ...own.filter((contact) => contact.start > frame).map((contact) => contact.start));
  return { key: keyOf(limb, start), limb, start, end, kind: "none", place: null };
}

/** The contacts and gaps of one limb in order, as they are with the draft. */
export function stretchesOf(climb: Climb, draft: Draft, limb: LimbName, frameCount: number): ContactDraft[] {
  const found = new Map<string, ContactDraft>();
  const told = draft.contacts.filter((contact) => contact.limb === limb).map(({ start }) => start);
  for (let frame = 0; frame < frameCount; ) {
    const here = contactUnder(climb, draft, limb, frame, frameCount);
    if (!found.has(here.key)) found.set(here.key, here);
    const at = frame;
    frame = Math.min(Math.max(at + 1, here.end), ...told.filter((start) => start > at));
  }
  return [...found.values()];
}

function drafted({ limb, start, end, kind, hold, x, y }: Contact, { holds }: Climb): ContactDraft {
  const on = holds.find(({ id }) => id === hold);
  const place: Point = on === undefined ? [x, y] : [on.x, on.y];
  const known = (["hold", "smear", "floor"] as const).find((one) => one === kind);
  return { key: keyOf(limb, start), limb, start, end, kind: known ?? "unseen", place };
}

function keyOf(limb: LimbName, start: number): string {
  return `${limb} ${start}`;
}

function isSame(a: Point, b: Point): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function sent([x, y]: Point): [number, number] {
  return [rounded(x, 1000), rounded(y, 1000)];
}

function rounded(value: number, perUnit: number): number {
  return Math.round(value * perUnit) / perUnit;
}

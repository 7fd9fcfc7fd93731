import { limbNames, type Contact, type LimbName } from "./climb.ts";
import { percentWords } from "../../lib/terms.ts";
import { colors, haloColor, landmark, penOf, type Layers, type Pen } from "./draw.ts";
import { placeLabel, type Box } from "./labels.ts";
import { loadsAt } from "./loads.ts";
import { contactsAt, likelyFrom } from "./moments.ts";
import type { Result } from "./result.ts";
import type { Side } from "./skeleton.ts";
import { placeMap, type View } from "./view.ts";
import { applied, type Point } from "./wall.ts";

/** What an end's place is the mean of, as in src/ascension/climbing/limbs.py. */
export const endLandmarks: Record<LimbName, readonly number[]> = {
  left_hand: [15, 17, 19],
  right_hand: [16, 18, 20],
  left_foot: [27, 29, 31],
  right_foot: [28, 30, 32],
};

export const sideOfLimb: Record<LimbName, Side> = { left_hand: "left", right_hand: "right", left_foot: "left", right_foot: "right" };

const paper = "#f6f1ea";
const labelGround = "rgb(15 12 10 / 78%)";

/**
 * A ring around every end that holds on in this frame, with its number where `numbers` has one; broken where it is
 * hidden. Beside the number what the end carries, where that is estimated.
 */
export function drawContacts(canvas: HTMLCanvasElement, result: Result, frame: number, view: View, layers: Layers, numbers: ReadonlyMap<number, number>): void {
  const { climb } = result.facts;
  const pen = penOf(canvas, result, frame, view);
  if (climb == null || pen === null || result.person[frame] !== 1) return;
  const now = contactsAt(climb, frame);
  const loads = layers.loads ? loadsAt(climb, frame) : null;
  const held = limbNames.flatMap((limb) => {
    const contact = now[limb];
    return contact === undefined ? [] : [{ limb, contact, at: endOf(pen, limb) }];
  });
  const middleX = held.reduce((sum, { at }) => sum + at[0], 0) / held.length;
  const taken: Box[] = [];
  for (const { limb, contact, at } of held) {
    const color = colors[sideOfLimb[limb]];
    if (layers.contacts) drawRing(pen, at, color, { isBroken: contact.kind === "unseen", isFaint: contact.confidence < likelyFrom });
    const text = [layers.contacts ? numberOf(contact, numbers) : "", loads === null ? "" : `≈\u200a${percentWords(loads[limb])}`].filter((part) => part !== "").join(" · ");
    if (text !== "") taken.push(drawNumber(pen, at, text, color, taken, middleX));
  }
}

function numberOf({ hold, kind }: Contact, numbers: ReadonlyMap<number, number>): string {
  const number = hold === null ? undefined : numbers.get(hold);
  if (number === undefined) return "";
  return kind === "unseen" ? `${number}?` : String(number);
}

function endOf(pen: Pen, limb: LimbName): Point {
  const places = endLandmarks[limb].map((index) => landmark(pen, index));
  return [0, 1].map((axis) => places.reduce((sum, place) => sum + (place[axis] ?? 0), 0) / places.length) as Point;
}

function drawRing({ context, width }: Pen, [x, y]: Point, color: string, { isBroken, isFaint }: { isBroken: boolean; isFaint: boolean }): void {
  context.save();
  context.globalAlpha = isFaint || isBroken ? 0.7 : 1;
  context.beginPath();
  context.arc(x, y, width * 3.4, 0, 2 * Math.PI);
  context.strokeStyle = haloColor;
  context.lineWidth = width * 1.5;
  context.stroke();
  if (isBroken) context.setLineDash([width * 1.4, width * 1.9]);
  context.strokeStyle = color;
  context.lineWidth = width * 0.8;
  context.stroke();
  context.restore();
}

/** Beside its ring, away from the middle of the ends, never on another one. */
function drawNumber({ context, width }: Pen, at: Point, text: string, color: string, taken: Box[], middleX: number): Box {
  const fontPx = Math.max(width * 2.5, context.canvas.width / 30);
  context.save();
  context.font = `700 ${fontPx}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  const size = { halfWidth: context.measureText(text).width / 2 + fontPx * 0.35, halfHeight: fontPx * 0.64 };
  const outward = at[0] < middleX ? Math.PI : 0;
  const box = placeLabel(at, outward, width * 4, size, taken, context.canvas);
  context.beginPath();
  context.roundRect(box.x - box.halfWidth, box.y - box.halfHeight, box.halfWidth * 2, box.halfHeight * 2, fontPx * 0.4);
  context.fillStyle = labelGround;
  context.fill();
  context.fillStyle = color;
  context.fillText(text, box.x, box.y + fontPx * 0.05);
  context.restore();
  return box;
}

/** A hold in a picture, in the picture's pixels; `color`: of its ring and number, where they say something. */
export interface NumberedHold {
  number: number;
  at: Point;
  confidence: number;
  color?: string;
}

/** Where the holds of a climb lie in the picture while this frame is shown, with their numbers; by number. */
export function holdsOnPicture(result: Result, numbers: ReadonlyMap<number, number>, view: View, frame: number): NumberedHold[] {
  const { climb } = result.facts;
  const toPicture = placeMap(result, view, frame);
  if (climb == null || toPicture === null) return [];
  const found = climb.holds.flatMap(({ id, x, y, confidence }) => {
    const number = numbers.get(id);
    return number === undefined ? [] : [{ number, at: applied(toPicture, x, y), confidence }];
  });
  return found.sort((a, b) => a.number - b.number);
}

/** The holds that were used, numbered in the order of first use; broken where it is not sure that there is one. */
export function drawHolds(canvas: HTMLCanvasElement, holds: readonly NumberedHold[], view: View): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const scale = canvas.width / view.widthPx;
  const radius = Math.max(canvas.width / 44, 8.5 * window.devicePixelRatio);
  context.font = `750 ${radius * 1.15}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  for (const { number, at, confidence, color = paper } of holds) {
    const [x, y] = [at[0] * scale, at[1] * scale];
    context.setLineDash(confidence < likelyFrom ? [radius * 0.4, radius * 0.4] : []);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = labelGround;
    context.fill();
    context.strokeStyle = color;
    context.lineWidth = radius * 0.16;
    context.stroke();
    context.fillStyle = color;
    context.fillText(String(number), x, y + radius * 0.06);
  }
  context.setLineDash([]);
}

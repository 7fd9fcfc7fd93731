/** One sitting at the workbench: which tool is in hand, what it holds, and what was done so far. */

import { useState } from "preact/hooks";

import { useHistory, type History } from "../../lib/use-history.ts";
import type { LimbName } from "../player/climb.ts";
import { endLandmarks } from "../player/draw-contacts.ts";
import { placeMap, videoView } from "../player/view.ts";
import { applied, inverse, type Point } from "../player/wall.ts";
import type { Bench } from "../player/workbench.ts";
import { contactUnder, holdNear, holdsWith, nothing, withContact, type ContactDraft, type Draft } from "./drafts.ts";

export const tools = ["contact", "hold", "point"] as const;
export type Tool = (typeof tools)[number];

export interface Work {
  isOpen: boolean;
  tool: Tool;
  setTool: (tool: Tool) => void;
  history: History<Draft>;
  landmark: string;
  setLandmark: (landmark: string) => void;
  /** The contact in hand as it was when it was taken; null before one was. */
  taken: ContactDraft | null;
  take: (contact: ContactDraft) => void;
  /** The hold in hand, by where the result has it. */
  hold: Point | null;
  setHold: (at: Point | null) => void;
  /** Where a hold is to be made. */
  newHold: Point | null;
  setNewHold: (place: Point | null) => void;
  open: (bench: Bench) => void;
  close: () => void;
}

export function useWork(): Work {
  const [isOpen, setOpen] = useState(false);
  const [tool, setTool] = useState<Tool>("contact");
  const history = useHistory<Draft>(nothing);
  const [landmark, setLandmark] = useState("left_wrist");
  const [taken, take] = useState<ContactDraft | null>(null);
  const [hold, setHold] = useState<Point | null>(null);
  const [newHold, setNewHold] = useState<Point | null>(null);
  const open = ({ result, playback, setGround }: Bench) => {
    playback.pause();
    const { climb } = result.facts;
    history.start(nothing);
    setTool(climb == null ? "point" : "contact");
    if (climb != null) take(contactUnder(climb, nothing, "left_hand", playback.frame.get(), result.frameCount));
    if (climb == null) setGround("video");
    setHold(null);
    setNewHold(null);
    setOpen(true);
  };
  return { isOpen, tool, setTool, history, landmark, setLandmark, taken, take, hold, setHold, newHold, setNewHold, open, close: () => setOpen(false) };
}

/** The contact in hand as it is now. */
export function contactInHand({ history, taken }: Work): ContactDraft | null {
  return history.now.contacts.find(({ key }) => key === taken?.key) ?? taken;
}

/** Changes with one name are taken back together. */
export function changeContact({ history }: Work, contact: ContactDraft, change: Partial<ContactDraft>, name: string | null): void {
  history.change((draft) => withContact(draft, { ...contact, ...change }), name);
}

/** Where a limb may rest in the middle of these frames: on the hold that is near it, else where it is. null: not known. */
export function guessedPlace({ result }: Bench, draft: Draft, limb: LimbName, start: number, end: number): Point | null {
  const frame = Math.floor((start + end - 1) / 2);
  const { climb } = result.facts;
  const toPicture = placeMap(result, videoView(result), frame);
  const toWall = toPicture === null ? null : inverse(toPicture);
  if (climb == null || toWall === null || result.person[frame] !== 1) return null;
  const places = endLandmarks[limb].map((index) => [0, 1].map((axis) => result.landmarksPx[(frame * 33 + index) * 2 + axis] ?? 0));
  const [x = 0, y = 0] = [0, 1].map((axis) => places.reduce((sum, place) => sum + (place[axis] ?? 0), 0) / places.length);
  const place = applied(toWall, x, y);
  if (!place.every(Number.isFinite)) return null;
  return holdNear(holdsWith(climb, draft), place, climb.torso)?.place ?? place;
}

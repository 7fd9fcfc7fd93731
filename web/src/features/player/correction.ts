/** Telling the product who climbs and how long something is: the steps, and what is sent at their end. */

import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Choices } from "../../lib/api.ts";
import { useMarking, type Marking } from "./marking.ts";
import { choicesWithMarks, marksOf } from "./marks.ts";
import { boxOf, type Box, type Sighting } from "./people.ts";

export type ClimberBox = NonNullable<Choices["climber"]>;

export type Picked =
  | { kind: "person"; number: number; climber: ClimberBox; outline: Box }
  | { kind: "box"; climber: ClimberBox; outline: Box }
  /** Nobody is pointed out any more. */
  | { kind: "nobody" }
  /** No length on the wall is known any more. */
  | { kind: "unmarked" };

/**
 * "who": the picture waits for a tap or a box. "send": the height, and a last look before the analysis.
 * "mark": the picture waits for the ends of a known length; "size": how long that is. "lean": how far the wall leans.
 */
export type Step = { at: "who" } | { at: "lean" } | { at: "send"; picked: Picked | null } | { at: "mark" } | { at: "size" };

export interface Correction {
  step: Step | null;
  open: (step: Step, choices: Choices) => void;
  /** The next step of the same questions. */
  go: (step: Step) => void;
  /** Somebody was picked: on to the last step. */
  pick: (picked: Picked) => void;
  /** One step back; from the first one out. */
  back: () => void;
  close: () => void;
  /** The box that was begun at this moment and is not taken yet: another moment has none. */
  draftAt: (atS: number) => Box | null;
  setDraft: (box: Box | null, atS: number) => void;
  marking: Marking;
}

export function useCorrection(): Correction {
  const [step, setStep] = useState<Step | null>(null);
  const [draft, keepDraft] = useState<{ box: Box | null; atS: number } | null>(null);
  const marking = useMarking();
  const close = useCallback(() => setStep(null), []);
  const open = (next: Step, choices: Choices) => {
    keepDraft(null);
    marking.start(marksOf(choices));
    setStep(next);
  };
  const pick = useCallback((picked: Picked) => setStep({ at: "send", picked }), []);
  const before = stepBefore(step);
  const back = () => setStep(before);
  useWayBack(step !== null, back);

  const draftAt = (atS: number) => (draft?.atS === atS ? draft.box : null);
  const setDraft = (box: Box | null, atS: number) => keepDraft({ box, atS });
  return { step, open, go: setStep, pick, back, close, draftAt, setDraft, marking };
}

/** While questions are open: Escape goes back. At their end the focus is where it was before them. */
export function useWayBack(isOpen: boolean, onBack: () => void): void {
  const goBack = useRef(onBack);
  useLayoutEffect(() => {
    goBack.current = onBack;
  });
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      goBack.current();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [isOpen]);
  const opener = useRef<HTMLElement | null>(null);
  if (!isOpen) opener.current = null;
  else opener.current ??= document.activeElement instanceof HTMLElement ? document.activeElement : null;
  useLayoutEffect(() => {
    const { current } = opener;
    if (isOpen) return () => current?.focus(); // visible again by now
    return undefined;
  }, [isOpen]);
}

/** null: there is none, the questions end. */
function stepBefore(step: Step | null): Step | null {
  if (step?.at === "size") return { at: "mark" };
  if (step?.at !== "send" || step.picked === null) return null;
  return step.picked.kind === "unmarked" ? { at: "mark" } : { at: "who" };
}

/** A person by the box that was really seen of them. */
export function personPick({ seen, now }: Sighting, number: number): Picked {
  return { kind: "person", number, climber: climberIn(boxOf(seen), seen[0]), outline: now };
}

export function boxPick(box: Box, atS: number): Picked {
  return { kind: "box", climber: climberIn(box, atS), outline: box };
}

function climberIn(box: Box, atS: number): ClimberBox {
  const tenth = (px: number) => Math.round(px * 10) / 10;
  return { at_s: atS, left_px: tenth(box.left), top_px: tenth(box.top), width_px: tenth(box.width), height_px: tenth(box.height) };
}

/** Everything that was told before stays told, except what is told anew. */
export function choicesWith(before: Choices, picked: Picked | null, bodyHeightM: number | null): Choices {
  const told = { ...before, body_height_m: bodyHeightM };
  if (picked === null) return told;
  if (picked.kind === "unmarked") return choicesWithMarks(told, null, []);
  return { ...told, climber: picked.kind === "nobody" ? null : picked.climber };
}

/** Telling the product who climbs: the steps, and what is sent at their end. */

import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Choices } from "../../lib/api.ts";
import { boxOf, type Box, type Sighting } from "./people.ts";

export type ClimberBox = NonNullable<Choices["climber"]>;

export type Picked =
  | { kind: "person"; number: number; climber: ClimberBox; outline: Box }
  | { kind: "box"; climber: ClimberBox; outline: Box }
  /** Nobody is pointed out any more. */
  | { kind: "nobody" };

/** "who": the picture waits for a tap or a box. "send": the height, and a last look before the analysis. */
export type Step = { at: "who" } | { at: "send"; picked: Picked | null };

export interface Correction {
  step: Step | null;
  open: (step: Step) => void;
  /** Somebody was picked: on to the last step. */
  pick: (picked: Picked) => void;
  /** One step back; from the first one out. */
  back: () => void;
  close: () => void;
  /** The box that was begun at this moment and is not taken yet: another moment has none. */
  draftAt: (atS: number) => Box | null;
  setDraft: (box: Box | null, atS: number) => void;
}

export function useCorrection(): Correction {
  const [step, setStep] = useState<Step | null>(null);
  const [draft, keepDraft] = useState<{ box: Box | null; atS: number } | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const close = useCallback(() => setStep(null), []);
  const open = useCallback((next: Step) => {
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    keepDraft(null);
    setStep(next);
  }, []);
  const pick = useCallback((picked: Picked) => setStep({ at: "send", picked }), []);
  const isLast = step?.at !== "send" || step.picked === null;
  const back = useCallback(() => (isLast ? close() : setStep({ at: "who" })), [isLast, close]);

  const isOpen = step !== null;
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      back();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [isOpen, back]);
  useLayoutEffect(() => {
    if (isOpen) return () => opener.current?.focus(); // visible again by now
    return undefined;
  }, [isOpen]);

  const draftAt = (atS: number) => (draft?.atS === atS ? draft.box : null);
  const setDraft = (box: Box | null, atS: number) => keepDraft({ box, atS });
  return { step, open, pick, back, close, draftAt, setDraft };
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
  const climber = picked === null ? (before.climber ?? null) : picked.kind === "nobody" ? null : picked.climber;
  return { ...before, climber, body_height_m: bodyHeightM };
}

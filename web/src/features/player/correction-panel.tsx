import "./correction-panel.css";

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { HeightField } from "../../components/height-field.tsx";
import { Notice } from "../../components/notice.tsx";
import type { Choices } from "../../lib/api.ts";
import { asRequestError } from "../../lib/errors.ts";
import { focusHeading } from "../../lib/focus.ts";
import { entryOf, metersOf, mostHeightM, usualUnit } from "../../lib/height.ts";
import { choicesWith, type Correction, type Picked } from "./correction.ts";
import { boxAround } from "./people.ts";
import { words } from "./words.ts";

export type SendChoices = (choices: Choices) => Promise<void>;

interface WhoProps {
  correction: Correction;
  choices: Choices;
  /** How many have a box in this picture. */
  peopleCount: number;
  picture: { width: number; height: number };
  atS: number;
}

/** First step: the picture is asked, this says how. Its height stays the same, else the picture would move under a finger. */
export function WhoPanel({ correction, choices, peopleCount, picture, atS }: WhoProps) {
  const beginBox = () => {
    correction.setDraft(boxAround([picture.width / 2, picture.height / 2], picture), atS);
    // the box is there after the next drawing; who asked for it by a key moves it by keys
    requestAnimationFrame(() => document.querySelector<HTMLElement>(".picking-draft")?.focus());
  };
  const { who, whoTap, whoDrag, drawBox, letUs, cancel } = words().questions;
  return (
    <section class="correction correction-who" aria-label={who} data-testid="correction">
      <div class="correction-words">
        <h2>{who}</h2>
        <p>{peopleCount > 0 ? whoTap : whoDrag}</p>
      </div>
      <div class="correction-actions">
        <button type="button" class="button correction-keyboard" onClick={beginBox} data-testid="begin-box">
          {drawBox}
        </button>
        {choices.climber != null && (
          <button type="button" class="button" onClick={() => correction.pick({ kind: "nobody" })} data-testid="pick-nobody">
            {letUs}
          </button>
        )}
        <button type="button" class="button" onClick={correction.back} data-testid="correction-back">
          {cancel}
        </button>
      </div>
    </section>
  );
}

interface SendProps {
  correction: Correction;
  picked: Picked | null;
  choices: Choices;
  onSend: SendChoices;
  /** What it costs, in a sentence. */
  note: string;
}

/** Last step: the height, and the button that starts the analysis. */
export function SendPanel({ correction, picked, choices, onSend, note }: SendProps) {
  const before = choices.body_height_m ?? null;
  const [begun] = useState(() => entryOf(before, usualUnit()));
  const [entry, setEntry] = useState(begun);
  const [isBad, setBad] = useState(false);
  const decide = (): Choices | string | null => {
    // untouched, it is what was told, which whole inches may not say
    const meters = entry === begun ? before : metersOf(entry, mostHeightM);
    setBad(meters === "bad");
    if (meters === "bad") return null;
    return picked === null && meters === before ? words().questions.unchanged : choicesWith(choices, picked, meters);
  };
  return (
    <SendForm title={titleOf(picked)} note={note} back={picked === null ? words().questions.cancel : words().questions.back} correction={correction} decide={decide} onSend={onSend}>
      <HeightField
        legend={words().questions.height}
        note={words().questions.heightNote}
        name="height"
        entry={entry}
        onChange={setEntry}
        mostM={mostHeightM}
        isBad={isBad}
      />
    </SendForm>
  );
}

interface FormProps {
  title: string;
  note: string;
  back: string;
  correction: Correction;
  /** What to send; a sentence why nothing is sent; null where the fields say that themselves. */
  decide: () => Choices | string | null;
  onSend: SendChoices;
  children: ComponentChildren;
}

/** The last step of all questions. */
export function SendForm({ title, note, back, correction, decide, onSend, children }: FormProps) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), []);

  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) return;
    const wanted = decide();
    setError(typeof wanted === "string" ? wanted : null);
    if (wanted === null || typeof wanted === "string") return;
    setBusy(true);
    try {
      await onSend(wanted);
      correction.close();
      focusHeading(); // how far it is stands below it
    } catch (cause) {
      setError(asRequestError(cause).message);
      setBusy(false);
    }
  };
  return (
    <form class="correction" aria-label={words().questions.send} onSubmit={(event) => void send(event)} noValidate data-testid="correction">
      <div class="correction-words">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <p>{note}</p>
      </div>
      {children}
      {error !== null && (
        <Notice kind="error" testId="correction-error">
          {error}
        </Notice>
      )}
      <div class="correction-actions">
        <button type="button" class="button" onClick={correction.back} data-testid="correction-back">
          {back}
        </button>
        <button type="submit" class="button button-primary" aria-disabled={isBusy} data-testid="correction-send">
          {words().questions.send}
        </button>
      </div>
    </form>
  );
}

function titleOf(picked: Picked | null): string {
  const { titleHeight, titlePerson, titleUnmarked, titleBox, titleNobody } = words().questions;
  if (picked === null) return titleHeight;
  if (picked.kind === "person") return titlePerson(picked.number);
  if (picked.kind === "unmarked") return titleUnmarked;
  return picked.kind === "box" ? titleBox : titleNobody;
}

import "./correction-panel.css";

import { useEffect, useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import type { Choices } from "../../lib/api.ts";
import { asRequestError } from "../../lib/errors.ts";
import { focusHeading } from "../../lib/focus.ts";
import { choicesWith, type Correction, type Picked } from "./correction.ts";
import { entryOf, metersOf } from "./height.ts";
import { HeightField, usualUnit } from "./height-field.tsx";
import { boxAround } from "./people.ts";

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
  return (
    <section class="correction correction-who" aria-label="Who climbs?" data-testid="correction">
      <div class="correction-words">
        <h2>Who climbs?</h2>
        <p>{peopleCount > 0 ? "Tap the climber, or drag a box around them." : "Drag a box around the climber, here or at another moment."}</p>
      </div>
      <div class="correction-actions">
        <button type="button" class="button correction-keyboard" onClick={beginBox} data-testid="begin-box">
          Draw a box
        </button>
        {choices.climber != null && (
          <button type="button" class="button" onClick={() => correction.pick({ kind: "nobody" })} data-testid="pick-nobody">
            Let Ascension choose
          </button>
        )}
        <button type="button" class="button" onClick={correction.back} data-testid="correction-back">
          Cancel
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
  const [entry, setEntry] = useState(() => entryOf(before, usualUnit()));
  const [isBad, setBad] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus({ preventScroll: true }), []);

  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) return;
    const meters = metersOf(entry);
    setBad(meters === "bad");
    if (meters === "bad") return;
    setError(picked === null && meters === before ? "Nothing has changed yet." : null);
    if (picked === null && meters === before) return;
    setBusy(true);
    try {
      await onSend(choicesWith(choices, picked, meters));
      correction.close();
      focusHeading(); // how far it is stands below it
    } catch (cause) {
      setError(asRequestError(cause).message);
      setBusy(false);
    }
  };
  return (
    <form class="correction" aria-label="Analyze again" onSubmit={(event) => void send(event)} noValidate data-testid="correction">
      <div class="correction-words">
        <h2 ref={title} tabIndex={-1}>
          {titleOf(picked)}
        </h2>
        <p>{note}</p>
      </div>
      <HeightField entry={entry} onChange={setEntry} isBad={isBad} />
      {error !== null && (
        <Notice kind="error" testId="correction-error">
          {error}
        </Notice>
      )}
      <div class="correction-actions">
        <button type="button" class="button" onClick={correction.back} data-testid="correction-back">
          {picked === null ? "Cancel" : "Back"}
        </button>
        <button type="submit" class="button button-primary" aria-disabled={isBusy} data-testid="correction-send">
          Analyze again
        </button>
      </div>
    </form>
  );
}

function titleOf(picked: Picked | null): string {
  if (picked === null) return "The climber’s height";
  if (picked.kind === "person") return `Person ${picked.number} is the climber`;
  return picked.kind === "box" ? "The climber is in your box" : "Ascension chooses the climber";
}

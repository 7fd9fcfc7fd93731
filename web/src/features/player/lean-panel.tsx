import "../../components/height-field.css";

import { useId, useState } from "preact/hooks";

import type { Choices } from "../../lib/api.ts";
import { numberWords } from "../../lib/terms.ts";
import type { Correction } from "./correction.ts";
import { SendForm, type SendChoices } from "./correction-panel.tsx";
import { leanEntryOf, leanOf, type LeanEntry, type LeanWay } from "./lean.ts";
import { words } from "./words.ts";

interface Props {
  correction: Correction;
  choices: Choices;
  onSend: SendChoices;
  /** What it costs, in a sentence. */
  note: string;
}

/** The only step of its question: how far the wall leans. */
export function LeanPanel({ correction, choices, onSend, note }: Props) {
  const before = choices.overhang_deg ?? null;
  const [entry, setEntry] = useState(() => leanEntryOf(before));
  const [isBad, setBad] = useState(false);
  const decide = (): Choices | string | null => {
    const overhangDeg = leanOf(entry);
    setBad(overhangDeg === "bad");
    if (overhangDeg === "bad") return null;
    return overhangDeg === before ? words().questions.unchanged : { ...choices, overhang_deg: overhangDeg };
  };
  return (
    <SendForm title={words().lean.title} note={note} back={words().questions.cancel} correction={correction} decide={decide} onSend={onSend}>
      <LeanField entry={entry} onChange={setEntry} isBad={isBad} />
    </SendForm>
  );
}

/** Degrees without a sign, which phones' number keys do not have, and to which side. */
function LeanField({ entry, onChange, isBad }: { entry: LeanEntry; onChange: (entry: LeanEntry) => void; isBad: boolean }) {
  const noteId = useId();
  const say = words().lean;
  return (
    <fieldset class="height">
      <legend>{say.legend}</legend>
      <div class="height-parts">
        <label class="height-part">
          <input
            type="text"
            inputMode="decimal"
            autoComplete="off"
            maxLength={5}
            value={entry.text}
            aria-invalid={isBad}
            aria-describedby={noteId}
            onInput={(event) => onChange({ ...entry, text: event.currentTarget.value })}
            data-testid="lean-degrees"
          />
          <span>{say.degrees}</span>
        </label>
        <select class="height-unit" aria-label={say.way} value={entry.way} onChange={(event) => onChange({ ...entry, way: event.currentTarget.value as LeanWay })} data-testid="lean-way">
          <option value="over">{say.ways.over}</option>
          <option value="away">{say.ways.away}</option>
        </select>
      </div>
      <p id={noteId} class={isBad ? "height-note height-bad" : "height-note"} {...(isBad ? { role: "alert" } : {})}>
        {isBad ? say.bad[entry.way] : say.note}
      </p>
    </fieldset>
  );
}

/** 20 -> "leans over you by 20°" */
export function leanWords(overhangDeg: number): string {
  const { vertical, isOver, isAway } = words().lean;
  if (overhangDeg === 0) return vertical;
  return (overhangDeg > 0 ? isOver : isAway)(numberWords(Math.abs(overhangDeg)));
}

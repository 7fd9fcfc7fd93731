import { useId } from "preact/hooks";

import { words as shared } from "../../components/words.ts";
import { kilogramsOf, massEntryOf, massRangeKg, type Entry, type MassUnit } from "./profile.ts";
import { words } from "./words.ts";

interface Props {
  entry: Entry["mass"];
  onChange: (entry: Entry["mass"]) => void;
  isBad: boolean;
}

export function MassField({ entry, onChange, isBad }: Props) {
  const noteId = useId();
  const { mass, massNote, badMass } = words();
  const { optional, unitOf } = shared();
  const [least, most] = massRangeKg.map((kilograms) => massEntryOf(kilograms, entry.unit).text);
  const changeUnit = (unit: MassUnit) => {
    const kilograms = kilogramsOf(entry);
    onChange(massEntryOf(kilograms === "bad" ? null : kilograms, unit));
  };
  return (
    <fieldset class="height">
      <legend>
        {mass} <span class="height-optional">{optional}</span>
      </legend>
      <div class="height-parts">
        <label class="height-part">
          <input
            type="text"
            inputMode="decimal"
            autoComplete="off"
            maxLength={6}
            value={entry.text}
            aria-invalid={isBad}
            aria-describedby={noteId}
            onInput={(event) => onChange({ ...entry, text: event.currentTarget.value })}
            data-testid="mass"
          />
          <span class="visually-hidden">{entry.unit}</span>
        </label>
        <select class="height-unit" aria-label={unitOf(mass)} value={entry.unit} onChange={(event) => changeUnit(event.currentTarget.value as MassUnit)} data-testid="mass-unit">
          <option value="kg">kg</option>
          <option value="lb">lb</option>
        </select>
      </div>
      <p id={noteId} class={isBad ? "height-note height-bad" : "height-note"} {...(isBad ? { role: "alert" } : {})}>
        {isBad ? badMass(Number(least), Number(most), entry.unit) : massNote}
      </p>
    </fieldset>
  );
}

import "./height-field.css";

import { useId } from "preact/hooks";

import { entryOf, heightWords, keepUnit, leastM, metersOf, type HeightEntry, type HeightUnit } from "../lib/height.ts";
import { words } from "./words.ts";

interface Props {
  /** What is measured. */
  legend: string;
  /** Why it is asked for. */
  note: string;
  /** Of the fields, for tests. */
  name: string;
  entry: HeightEntry;
  onChange: (entry: HeightEntry) => void;
  mostM: number;
  /** What was typed was refused. */
  isBad: boolean;
}

/** A length of the body: why it is asked for, and a choice of units. */
export function HeightField({ legend, note, name: field, entry, onChange, mostM, isBad }: Props) {
  const noteId = useId();
  const { optional, unitOf } = words();
  const changeUnit = (unit: HeightUnit) => {
    keepUnit(unit);
    const meters = metersOf(entry, mostM);
    onChange(entryOf(meters === "bad" ? null : meters, unit));
  };
  const parts: { name: "cm" | "feet" | "inches"; label: string }[] =
    entry.unit === "cm" ? [{ name: "cm", label: "cm" }] : [{ name: "feet", label: "ft" }, { name: "inches", label: "in" }];
  return (
    <fieldset class="height">
      <legend>
        {legend} <span class="height-optional">{optional}</span>
      </legend>
      <div class="height-parts">
        {parts.map(({ name, label }) => (
          <label key={name} class="height-part">
            <input
              type="text"
              inputMode="decimal"
              autoComplete="off"
              maxLength={6}
              value={entry[name]}
              aria-invalid={isBad}
              aria-describedby={noteId}
              onInput={(event) => onChange({ ...entry, [name]: event.currentTarget.value })}
              data-testid={`${field}-${name}`}
            />
            <span class={name === "cm" ? "visually-hidden" : ""}>{label}</span>
          </label>
        ))}
        <select class="height-unit" aria-label={unitOf(legend)} value={entry.unit} onChange={(event) => changeUnit(event.currentTarget.value as HeightUnit)} data-testid={`${field}-unit`}>
          <option value="cm">cm</option>
          <option value="ft">ft, in</option>
        </select>
      </div>
      <p id={noteId} class={isBad ? "height-note height-bad" : "height-note"} {...(isBad ? { role: "alert" } : {})}>
        {isBad ? badWords(entry.unit, mostM) : note}
      </p>
    </fieldset>
  );
}

function badWords(unit: HeightUnit, mostM: number): string {
  const { badLength } = words();
  return unit === "cm" ? badLength.cm(leastM * 100, mostM * 100) : badLength.ft(heightWords(leastM, unit), heightWords(mostM, unit));
}

import { useId } from "preact/hooks";

import { recall, remember } from "../../lib/memory.ts";
import { badHeight, entryOf, metersOf, type HeightEntry, type HeightUnit } from "./height.ts";

const unitKey = "ascension.height-unit";

/** The unit that was chosen last on this device, else the one of the reader's country. */
export function usualUnit(): HeightUnit {
  const known = recall(unitKey);
  if (known === "cm" || known === "ft") return known;
  return /^en-(US|LR)/.test(navigator.language) ? "ft" : "cm";
}

/** For the next time. */
export function keepUnit(unit: HeightUnit): void {
  remember(unitKey, unit);
}

interface Props {
  entry: HeightEntry;
  onChange: (entry: HeightEntry) => void;
  /** The typed height was refused. */
  isBad: boolean;
}

/** The climber's height: why it is asked for, and a choice of units. */
export function HeightField({ entry, onChange, isBad }: Props) {
  const noteId = useId();
  const changeUnit = (unit: HeightUnit) => {
    keepUnit(unit);
    const meters = metersOf(entry);
    onChange(entryOf(meters === "bad" ? null : meters, unit));
  };
  const parts: { name: "cm" | "feet" | "inches"; label: string }[] =
    entry.unit === "cm" ? [{ name: "cm", label: "cm" }] : [{ name: "feet", label: "ft" }, { name: "inches", label: "in" }];
  return (
    <fieldset class="height">
      <legend>
        Climber’s height <span class="height-optional">(optional)</span>
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
              data-testid={`height-${name}`}
            />
            <span class={name === "cm" ? "visually-hidden" : ""}>{label}</span>
          </label>
        ))}
        <select class="height-unit" aria-label="Unit of the height" value={entry.unit} onChange={(event) => changeUnit(event.currentTarget.value as HeightUnit)} data-testid="height-unit">
          <option value="cm">cm</option>
          <option value="ft">ft, in</option>
        </select>
      </div>
      <p id={noteId} class={isBad ? "height-note height-bad" : "height-note"} {...(isBad ? { role: "alert" } : {})}>
        {isBad ? badHeight[entry.unit] : "So that lengths can be given in meters. Without it they are given in torso lengths."}
      </p>
    </fieldset>
  );
}

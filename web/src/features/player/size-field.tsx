import "../../components/height-field.css";

import { useId } from "preact/hooks";

import { words as shared } from "../../components/words.ts";
import { keepUnit, usualUnit } from "../../lib/height.ts";
import type { Shape } from "./marks.ts";
import { sizeEntryOf, sizesIn, type SizeEntry, type SizeUnit } from "./size.ts";
import { words } from "./words.ts";

/** Who gives heights in feet measures walls in inches. */
export function usualSizeUnit(): SizeUnit {
  return usualUnit() === "ft" ? "in" : "cm";
}

const fields: Record<Shape, readonly ("length" | "width" | "height")[]> = { distance: ["length"], rectangle: ["width", "height"] };

interface Props {
  shape: Shape;
  entry: SizeEntry;
  onChange: (entry: SizeEntry) => void;
  /** What was typed was refused. */
  isBad: boolean;
}

/** How long something on the wall is: one number, or width and height. */
export function SizeField({ shape, entry, onChange, isBad }: Props) {
  const noteId = useId();
  const say = words().marking;
  const { unitOf } = shared();
  const changeUnit = (unit: SizeUnit) => {
    keepUnit(unit === "in" ? "ft" : "cm");
    const meters = sizesIn(entry);
    onChange(meters === "bad" ? { ...entry, unit } : sizeEntryOf(meters, unit, entry.texts.length));
  };
  return (
    <fieldset class="height">
      <legend>{shape === "distance" ? say.fromTo : say.rectangle}</legend>
      <div class="height-parts">
        {fields[shape].map((field, index) => (
          <label key={field} class="height-part">
            <span class={shape === "distance" ? "visually-hidden" : ""}>{say[field]}</span>
            <input
              type="text"
              inputMode="decimal"
              autoComplete="off"
              maxLength={7}
              value={entry.texts[index] ?? ""}
              aria-invalid={isBad}
              aria-describedby={noteId}
              onInput={(event) => onChange({ ...entry, texts: entry.texts.map((text, at) => (at === index ? event.currentTarget.value : text)) })}
              data-testid={`size-${field}`}
            />
          </label>
        ))}
        <select class="height-unit" aria-label={unitOf(say.length)} value={entry.unit} onChange={(event) => changeUnit(event.currentTarget.value as SizeUnit)} data-testid="size-unit">
          <option value="cm">cm</option>
          <option value="in">in</option>
        </select>
      </div>
      <p id={noteId} class={isBad ? "height-note height-bad" : "height-note"} {...(isBad ? { role: "alert" } : {})}>
        {isBad ? say.bad[entry.unit] : say.between}
      </p>
    </fieldset>
  );
}

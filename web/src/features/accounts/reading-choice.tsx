import { focusHeading } from "../../lib/focus.ts";
import { preferredScale, scales, setScale, type Scale } from "../../lib/grades.ts";
import { setUnits, units, unitSystems, type Units } from "../../lib/units.ts";
import { useStore } from "../../lib/use-store.ts";
import { words } from "./words.ts";

/** In which units and scale of grades somebody reads: the page is drawn anew with others. */
export function ReadingChoice() {
  const system = useStore(units);
  const scale = useStore(preferredScale);
  const { unitSystem, unitSystems: systemNames, grades, scales: scaleNames, asWritten } = words();
  const redrawn = () => requestAnimationFrame(() => focusHeading());
  const chooseUnits = (next: Units) => {
    setUnits(next);
    redrawn();
  };
  const chooseScale = (next: Scale | null) => {
    setScale(next);
    redrawn();
  };
  return (
    <>
      <label class="account-menu-language">
        <span>{unitSystem}</span>
        <select value={system} onChange={(event) => chooseUnits(event.currentTarget.value as Units)} data-testid="units">
          {unitSystems.map((one) => (
            <option key={one} value={one}>
              {systemNames[one]}
            </option>
          ))}
        </select>
      </label>
      <label class="account-menu-language">
        <span>{grades}</span>
        <select value={scale ?? ""} onChange={(event) => chooseScale(scales.find((one) => one === event.currentTarget.value) ?? null)} data-testid="grades">
          <option value="">{asWritten}</option>
          {scales.map((one) => (
            <option key={one} value={one}>
              {scaleNames[one]}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

import { scaleWords } from "../../lib/grade-words.ts";
import { gradeIn, ladder, preferredScale, scales, type Scale } from "../../lib/grades.ts";
import type { Details } from "./requests.ts";
import { words } from "./words.ts";

export const blank = (name: string): Details => ({ name, grade: null, scale: null, wall: null, set_on: null, taken_down_on: null });

interface Props {
  details: Details;
  onChange: (next: Details) => void;
  /** Of a route that is made just now nobody says where it stands and when it went. */
  isShort?: boolean;
}

/** The climber's own scale where the grade is on it, else the one that it looks like. */
function scaleFor(grade: string | null): Scale | null {
  if (grade === null) return null;
  const own = preferredScale.get();
  return own !== null && ladder[own].includes(grade) ? own : (gradeIn(grade)?.scale ?? null);
}

const told = (text: string) => (text.trim() === "" ? null : text);

/** Grade, wall and days of a route; the name stands beside. */
export function DetailsFields({ details, onChange, isShort = false }: Props) {
  const say = words();
  const put = (part: Partial<Details>) => onChange({ ...details, ...part });
  const grade = (text: string | null) => put({ grade: text, scale: text === null || details.scale === scaleFor(details.grade) ? scaleFor(text) : details.scale });
  return (
    <div class="route-details">
      <label>
        <span>{say.grade}</span>
        <input type="text" maxLength={16} autoComplete="off" value={details.grade ?? ""} onInput={(event) => grade(told(event.currentTarget.value))} data-testid="route-told-grade" />
      </label>
      <label>
        <span>{say.scale}</span>
        <select value={details.scale ?? ""} disabled={details.grade === null} onChange={(event) => put({ scale: scales.find((one) => one === event.currentTarget.value) ?? null })} data-testid="route-scale">
          <option value="">{say.ownScale}</option>
          {scales.map((one) => (
            <option key={one} value={one}>
              {scaleWords(one)}
            </option>
          ))}
        </select>
      </label>
      {!isShort && (
        <label>
          <span>{say.wall}</span>
          <input type="text" maxLength={80} autoComplete="off" value={details.wall ?? ""} onInput={(event) => put({ wall: told(event.currentTarget.value) })} data-testid="route-wall" />
        </label>
      )}
      <label>
        <span>{say.setOn}</span>
        <input type="date" value={details.set_on ?? ""} onInput={(event) => put({ set_on: told(event.currentTarget.value) })} data-testid="route-set-on" />
      </label>
      {!isShort && (
        <label>
          <span>{say.takenDownOn}</span>
          <input type="date" value={details.taken_down_on ?? ""} onInput={(event) => put({ taken_down_on: told(event.currentTarget.value) })} data-testid="route-down-on" />
        </label>
      )}
    </div>
  );
}

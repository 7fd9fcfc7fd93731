import { formatBytes } from "../../lib/format.ts";
import { language } from "../../lib/language.ts";
import type { Storage } from "./requests.ts";
import { words } from "./words.ts";

type Day = Storage["days"][number];

/** What came in each day, and how much of it is still there: a picture, and the same as a table. */
export function Growth({ days }: { days: readonly Day[] }) {
  const { growth, growthSaid, growthText, keptKey, goneKey, asTable, nothingCame } = words();
  const most = Math.max(...days.map((day) => day.added_bytes));
  const total = days.reduce((sum, day) => sum + day.added_bytes, 0);
  const kept = days.reduce((sum, day) => sum + day.kept_bytes, 0);
  return (
    <section class="operator-part" aria-labelledby="operator-growth">
      <h2 id="operator-growth">{growth(days.length)}</h2>
      {most === 0 ? (
        <p class="operator-soft">{nothingCame}</p>
      ) : (
        <>
          <div class="operator-growth" role="img" aria-label={growthSaid(formatBytes(total), formatBytes(kept), formatBytes(most))}>
            {days.map((day) => (
              <span key={day.day}>
                <span class="operator-bar-dead" style={{ height: `${(100 * (day.added_bytes - day.kept_bytes)) / most}%` }} />
                <span class="operator-bar-running" style={{ height: `${(100 * day.kept_bytes) / most}%` }} />
              </span>
            ))}
          </div>
          <p class="operator-growth-ends operator-soft" aria-hidden="true">
            <span>{dayOf(days[0])}</span>
            <span>{dayOf(days.at(-1))}</span>
          </p>
          <p class="operator-keys">
            <span class="operator-key operator-key-running">{keptKey(formatBytes(kept))}</span>
            <span class="operator-key operator-key-dead">{goneKey(formatBytes(total - kept))}</span>
          </p>
        </>
      )}
      <p class="operator-soft">{growthText}</p>
      {most > 0 && (
        <details class="operator-facts">
          <summary>{asTable}</summary>
          <GrowthTable days={days} />
        </details>
      )}
    </section>
  );
}

function GrowthTable({ days }: { days: readonly Day[] }) {
  const { dayHead, clipsHead, addedHead, keptHead } = words();
  return (
    <table class="operator-table">
      <thead>
        <tr>
          <th scope="col">{dayHead}</th>
          <th scope="col">{clipsHead}</th>
          <th scope="col">{addedHead}</th>
          <th scope="col">{keptHead}</th>
        </tr>
      </thead>
      <tbody>
        {[...days].reverse().map((day) => (
          <tr key={day.day}>
            <th scope="row">{dayOf(day)}</th>
            <td>{day.objects}</td>
            <td>{formatBytes(day.added_bytes)}</td>
            <td>{formatBytes(day.kept_bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Days are those of UTC, wherever one looks from. */
function dayOf(day: Day | undefined): string {
  return day === undefined ? "" : new Date(`${day.day}T00:00:00Z`).toLocaleDateString(language.get(), { day: "numeric", month: "short", timeZone: "UTC" });
}

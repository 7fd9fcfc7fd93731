import "./calendar.css";

import type { MethodResponse } from "openapi-fetch";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { BackIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { announce } from "../../lib/announcement.ts";
import { answer, api } from "../../lib/api.ts";
import { ownZone, today } from "../../lib/day.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { addMonths, firstOf, lastOf, stepOf, weeksOf } from "./month.ts";
import { dayWords, monthWords, weekdays, words } from "./words.ts";

type Month = MethodResponse<typeof api, "get", "/api/v1/calendar">;
type Day = Month["days"][number];
type Entry = Day["entries"][number];

async function loadMonth(month: string, signal: AbortSignal): Promise<ReadonlyMap<string, Day>> {
  const query = { from: firstOf(month), until: lastOf(month), zone: ownZone() };
  const { days } = await answer(api.GET("/api/v1/calendar", { params: { query }, signal }));
  return new Map(days.map((day) => [day.day, day]));
}

function toldWords(told: Day | undefined): string {
  const { nothing, day } = words();
  return told === undefined ? nothing : day(told.climbs, told.tries, told.sends);
}

/** A month of climbing; arrow keys go through its days, and on to the next. */
export function Calendar() {
  const say = words();
  const [chosen, setChosen] = useState(today);
  const [isOpen, setOpen] = useState(false);
  const month = firstOf(chosen);
  const { value: days, reason } = useLoaded(useCallback((signal: AbortSignal) => loadMonth(month, signal), [month]));
  const turn = (count: number) => {
    const next = addMonths(chosen, count);
    setChosen(next);
    setOpen(false);
    announce(monthWords(next));
  };
  return (
    <section class="facts calendar" data-testid="calendar">
      <h2>{say.title}</h2>
      <p class="facts-note">{say.note}</p>
      <div class="calendar-month">
        <div class="calendar-head">
          <button type="button" class="button button-quiet button-icon" aria-label={say.earlier} onClick={() => turn(-1)} data-testid="month-before">
            <BackIcon />
          </button>
          <h3 data-testid="month">{monthWords(month)}</h3>
          <button type="button" class="button button-quiet button-icon calendar-turned" aria-label={say.later} onClick={() => turn(1)} data-testid="month-after">
            <BackIcon />
          </button>
        </div>
        {reason !== null && <Notice kind="info">{reason}</Notice>}
        <Days
          days={days ?? new Map()}
          chosen={chosen}
          isOpen={isOpen}
          onMove={(day) => {
            setChosen(day);
            setOpen(false);
          }}
          onOpen={(day) => {
            setChosen(day);
            setOpen(true);
            announce(say.spoken(dayWords(day), toldWords(days?.get(day))));
          }}
        />
      </div>
      {isOpen && <OneDay day={chosen} told={days?.get(chosen)} />}
    </section>
  );
}

interface DaysProps {
  days: ReadonlyMap<string, Day>;
  chosen: string;
  isOpen: boolean;
  onMove: (day: string) => void;
  onOpen: (day: string) => void;
}

function Days({ days, chosen, isOpen, onMove, onOpen }: DaysProps) {
  const table = useRef<HTMLTableElement>(null);
  const isMoved = useRef(false);
  useEffect(() => {
    if (!isMoved.current) return;
    isMoved.current = false;
    table.current?.querySelector<HTMLButtonElement>(`[data-day="${chosen}"]`)?.focus();
  }, [chosen]);
  const onKey = (event: KeyboardEvent) => {
    const next = event.altKey || event.ctrlKey || event.metaKey ? null : stepOf(event.key, chosen);
    if (next === null) return;
    event.preventDefault();
    isMoved.current = true;
    onMove(next);
  };
  return (
    <table ref={table} role="grid" aria-label={monthWords(chosen)} onKeyDown={onKey}>
      <thead>
        <tr>
          {weekdays().map(([long, short]) => (
            <th key={long} scope="col" aria-label={long}>
              {short}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(chosen).map((week) => (
          <tr key={week.find((day) => day !== null)}>
            {week.map((day, weekday) => (
              <td key={weekday}>{day !== null && <DayButton day={day} told={days.get(day)} isChosen={day === chosen} isOpen={isOpen} onOpen={onOpen} />}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DayProps {
  day: string;
  told: Day | undefined;
  isChosen: boolean;
  isOpen: boolean;
  onOpen: (day: string) => void;
}

function DayButton({ day, told, isChosen, isOpen, onOpen }: DayProps) {
  return (
    <button
      type="button"
      class="calendar-day"
      tabIndex={isChosen ? 0 : -1}
      aria-pressed={isChosen && isOpen}
      {...(day === today() ? { "aria-current": "date" as const } : {})}
      data-day={day}
      data-climbed={told !== undefined}
      onClick={() => onOpen(day)}
      data-testid="day"
    >
      <span class="visually-hidden">{words().spoken(dayWords(day), toldWords(told))}</span>
      <span class="calendar-number" aria-hidden="true">
        {Number(day.slice(8))}
      </span>
      <span class="calendar-marks" aria-hidden="true">
        {told !== undefined && `${told.tries}${told.sends > 0 ? " ✓" : ""}`}
      </span>
    </button>
  );
}

/** What was climbed on the chosen day. */
function OneDay({ day, told }: { day: string; told: Day | undefined }) {
  return (
    <div data-testid="one-day">
      <h3>{dayWords(day)}</h3>
      <p class="facts-note">{toldWords(told)}</p>
      {told !== undefined && (
        <ul class="calendar-list">
          {told.entries.map((entry, index) => (
            <li key={index}><EntryWords entry={entry} /></li>
          ))}
        </ul>
      )}
    </div>
  );
}

function EntryWords({ entry }: { entry: Entry }) {
  const say = words();
  const result = entry.is_sent === null ? say.unknown : entry.is_sent ? say.sent : say.notSent;
  const what =
    entry.analysis_id === null ? (
      say.unfilmed(entry.tries)
    ) : (
      <Link href={`/climbs/${entry.analysis_id}`}>
        {entry.file_name}
        {(entry.attempts ?? 1) > 1 && `, ${say.attempt(entry.attempt ?? 1)}`}
      </Link>
    );
  return (
    <>
      {what} · {entry.route_id === null ? say.noRoute : <Link href={`/routes/${entry.route_id}`}>{entry.route}</Link>} · {result}
    </>
  );
}

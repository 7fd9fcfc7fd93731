import "./filter-bar.css";

import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { addressOf, foundStates, isNarrow, noFilter, type Filter } from "./filter.ts";
import { useLabels } from "./labels.ts";
import { words } from "./words.ts";

const typingMs = 300;

/** What of the list is shown. It stands in the address: back, reload and a kept link bring it again. */
export function FilterBar({ filter, hits }: { filter: Filter; hits: number | null }) {
  const [, navigate] = useLocation();
  const labels = useLabels();
  const narrow = isNarrow(filter);
  const search = useRef<HTMLInputElement>(null);
  const change = (part: Partial<Filter>) => navigate(addressOf({ ...filter, ...part }), { replace: true });
  const [text, setText] = useTyped(filter.text, (typed) => change({ text: typed }));
  const clear = () => {
    setText("");
    navigate(addressOf(noFilter), { replace: true });
    search.current?.focus({ preventScroll: true }); // the button goes
  };
  const isFolded = filter.tag === "" && filter.route === "" && filter.state === "" && filter.from === "" && filter.to === "";
  const { search: searchWords, searchFor, narrower, clear: clearWords, found } = words().filter;
  return (
    <search class="filter-bar" aria-label={searchWords} data-testid="filters">
      <label>
        {searchFor}
        <input ref={search} type="search" maxLength={80} value={text} onInput={(event) => setText(event.currentTarget.value)} autocomplete="off" data-testid="filter-text" />
      </label>
      <details open={!isFolded}>
        <summary data-testid="filter-more">{narrower}</summary>
        <Narrower filter={filter} tags={labels.tags} routes={labels.routes} onChange={change} />
      </details>
      <div class="filter-bar-found">
        <p role="status" data-testid="filter-hits">{narrow && hits !== null && found(hits)}</p>
        {narrow && (
          <button type="button" class="button" onClick={clear} data-testid="filter-clear">
            {clearWords}
          </button>
        )}
      </div>
    </search>
  );
}

interface NarrowerProps {
  filter: Filter;
  tags: readonly string[];
  routes: readonly string[];
  onChange: (part: Partial<Filter>) => void;
}

function Narrower({ filter, tags, routes, onChange }: NarrowerProps) {
  const { tag, route, state, from, to, any, states } = words().filter;
  return (
    <div class="filter-bar-more">
      <Choice label={tag} name="tag" value={filter.tag} any={any} choices={tags.map((one) => [one, one])} onChange={(chosen) => onChange({ tag: chosen })} />
      <Choice label={route} name="route" value={filter.route} any={any} choices={routes.map((one) => [one, one])} onChange={(chosen) => onChange({ route: chosen })} />
      <Choice
        label={state}
        name="state"
        value={filter.state}
        any={any}
        choices={foundStates.map((one) => [one, states[one]])}
        onChange={(chosen) => onChange({ state: foundStates.find((one) => one === chosen) ?? "" })}
      />
      <label>
        {from}
        <input type="date" value={filter.from} max={filter.to} onChange={(event) => onChange({ from: event.currentTarget.value })} data-testid="filter-from" />
      </label>
      <label>
        {to}
        <input type="date" value={filter.to} min={filter.from} onChange={(event) => onChange({ to: event.currentTarget.value })} data-testid="filter-to" />
      </label>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  name: string;
  value: string;
  any: string;
  choices: readonly (readonly [value: string, words: string])[];
  onChange: (value: string) => void;
}

/** What an address names and nothing bears any more is still said. */
function Choice({ label, name, value, any, choices, onChange }: ChoiceProps) {
  const known = choices.find(([one]) => one.toLowerCase() === value.toLowerCase());
  return (
    <label>
      {label}
      <select value={known?.[0] ?? value} onChange={(event) => onChange(event.currentTarget.value)} data-testid={`filter-${name}`}>
        <option value="">{any}</option>
        {value !== "" && known === undefined && <option value={value}>{value}</option>}
        {choices.map(([one, said]) => (
          <option key={one} value={one}>
            {said}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What is typed counts once the typing rests; what comes from elsewhere takes its place. */
function useTyped(told: string, onRest: (typed: string) => void): [string, (typed: string) => void] {
  const [text, setText] = useState(told);
  const rested = useRef(told);
  const after = useRef(onRest);
  after.current = onRest;
  useEffect(() => {
    if (told === rested.current) return;
    rested.current = told;
    setText(told);
  }, [told]);
  useEffect(() => {
    if (text === rested.current) return undefined;
    const timer = setTimeout(() => {
      rested.current = text;
      after.current(text);
    }, typingMs);
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText];
}

import { tierWords } from "../../lib/terms.ts";
import type { Filter, State, TierName } from "./requests.ts";
import { words } from "./words.ts";

const ANY = "";

interface ChoiceProps<T extends string> {
  name: string;
  label: string;
  value: T | null;
  choices: Readonly<Record<T, string>>;
  onChange: (value: T | null) => void;
}

function Choice<T extends string>({ name, label, value, choices, onChange }: ChoiceProps<T>) {
  return (
    <label>
      <span>{label}</span>
      <select value={value ?? ANY} onChange={(event) => onChange(event.currentTarget.value === ANY ? null : (event.currentTarget.value as T))} data-testid={`filter-${name}`}>
        <option value={ANY}>{words().any}</option>
        {Object.entries<string>(choices).map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Which jobs are shown, and which ones "retry all" is about. */
export function JobFilter({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const tiers = { infinity: tierWords("infinity"), premium: tierWords("premium"), free: tierWords("free") };
  const { filter: legend, state, states, kind, kinds, tier, reason } = words();
  return (
    <fieldset class="operator-filter">
      <legend class="visually-hidden">{legend}</legend>
      <Choice<State> name="state" label={state} value={filter.state} choices={states} onChange={(value) => onChange({ ...filter, state: value })} />
      <Choice<string> name="kind" label={kind} value={filter.kind} choices={kinds} onChange={(value) => onChange({ ...filter, kind: value })} />
      <Choice<TierName> name="tier" label={tier} value={filter.tier} choices={tiers} onChange={(value) => onChange({ ...filter, tier: value })} />
      <label>
        <span>{reason}</span>
        <input
          type="text"
          autocapitalize="none"
          spellcheck={false}
          pattern="[a-z_]{1,40}"
          placeholder="worker_lost"
          value={filter.failure_code ?? ""}
          onChange={(event) => {
            if (event.currentTarget.reportValidity()) onChange({ ...filter, failure_code: event.currentTarget.value || null });
          }}
          data-testid="filter-reason"
        />
      </label>
    </fieldset>
  );
}

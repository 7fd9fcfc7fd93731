import { tierWords } from "../../lib/terms.ts";
import { Choice } from "./choice.tsx";
import type { Filter, State, TierName } from "./requests.ts";
import { words } from "./words.ts";

/** Which jobs are shown, and which ones "retry all" is about. */
export function JobFilter({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const tiers = { infinity: tierWords("infinity"), premium: tierWords("premium"), free: tierWords("free") };
  const { filter: legend, state, states, kind, kinds, tier, reason } = words();
  return (
    <fieldset class="operator-filter">
      <legend class="visually-hidden">{legend}</legend>
      <Choice<State> testId="filter-state" label={state} value={filter.state} choices={states} onChange={(value) => onChange({ ...filter, state: value })} />
      <Choice<string> testId="filter-kind" label={kind} value={filter.kind} choices={kinds} onChange={(value) => onChange({ ...filter, kind: value })} />
      <Choice<TierName> testId="filter-tier" label={tier} value={filter.tier} choices={tiers} onChange={(value) => onChange({ ...filter, tier: value })} />
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

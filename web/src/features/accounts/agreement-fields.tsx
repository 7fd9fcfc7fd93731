import { useState } from "preact/hooks";

import { months } from "../../lib/format.ts";
import { words } from "./words.ts";

const oldestAge = 18;

/** How old somebody is, who answers for them if they are too young, and what they agree to. */
export function AgreementFields({ consentAge }: { consentAge: number }) {
  const [isYoung, setYoung] = useState(false);
  const say = words();
  return (
    <>
      <fieldset class="field choice">
        <legend>{say.age(consentAge)}</legend>
        <label>
          <input type="radio" name="age" value="grown" required onChange={() => setYoung(false)} data-testid="account-grown" /> {say.yes}
        </label>
        <label>
          <input type="radio" name="age" value="young" onChange={() => setYoung(true)} data-testid="account-young" /> {say.no}
        </label>
      </fieldset>
      {isYoung && <GuardianFields />}
      <label class="agree">
        <input type="checkbox" name="agreed" required data-testid="account-agree" />
        <span>
          {say.agree[0]}
          <a href="/terms" target="_blank" rel="noopener">
            {say.terms}
          </a>
          {say.agree[1]}
          <a href="/privacy" target="_blank" rel="noopener">
            {say.privacy}
          </a>
          {say.agree[2]}
        </span>
      </label>
    </>
  );
}

function GuardianFields() {
  const say = words();
  const thisYear = new Date().getFullYear();
  const years = Array.from({ length: oldestAge + 1 }, (_, ago) => thisYear - ago);
  return (
    <>
      <fieldset class="field born">
        <legend>
          {say.born} <span class="field-hint">{say.bornHint}</span>
        </legend>
        <select name="born_month" aria-label={say.month} required data-testid="account-born-month">
          <option value="">{say.month}</option>
          {months().map((name, index) => (
            <option key={name} value={index + 1}>
              {name}
            </option>
          ))}
        </select>
        <select name="born_year" aria-label={say.year} required data-testid="account-born-year">
          <option value="">{say.year}</option>
          {years.map((year) => (
            <option key={year} value={year}>
              {year}
            </option>
          ))}
        </select>
      </fieldset>
      <div class="field">
        <label for="account-guardian">
          {say.guardian} <span class="field-hint">{say.guardianHint}</span>
        </label>
        <input id="account-guardian" name="guardian_email" type="email" autocomplete="off" required data-testid="account-guardian" />
      </div>
    </>
  );
}

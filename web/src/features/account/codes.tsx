import { useState } from "preact/hooks";

import { FormEnd } from "../../components/form-end.tsx";
import { formatWhen } from "../../lib/format.ts";
import { showToast } from "../../lib/toast.ts";
import { PasswordGate, type Shown } from "./password-gate.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { beginCodes, confirmCodes, newRecoveryCodes, stopCodes, type Factors, type SetUp } from "./requests.ts";
import { useStep } from "../../lib/use-step.ts";
import { words } from "./words.ts";

type Step = { name: "rest" } | { name: "begin" | "stop" | "renew" } | { name: "scan"; setUp: SetUp } | { name: "keep"; codes: string[] };

const rest: Step = { name: "rest" };

/** The second factor: turned on in three steps, off by the password. */
export function Codes({ factors, onChange }: { factors: Factors; onChange: () => void }) {
  const [step, setStep] = useState<Step>(rest);
  const say = words();
  const toRest = () => setStep(rest);
  const hasPasskey = factors.passkeys.length > 0;
  const done = () => {
    setStep(rest);
    onChange();
  };
  const stop = async (password: Shown) => {
    await stopCodes(password);
    showToast(say.codesTurnedOff);
    done();
  };
  return (
    <section aria-labelledby="account-codes" data-testid="codes">
      <h2 id="account-codes">{say.codes}</h2>
      {step.name !== "scan" && step.name !== "keep" && <p>{factors.totp_since === null ? say.codesOff : `${say.codesOn(formatWhen(factors.totp_since))} ${say.codesLeft(factors.recovery_codes_left)}`}</p>}
      {step.name === "rest" && <CodeActions isOn={factors.totp_since !== null} onStep={(name) => setStep({ name })} />}
      {step.name === "begin" && <PasswordGate hasPasskey={hasPasskey} label={say.goOn} onCancel={toRest} onShown={async (password) => setStep({ name: "scan", setUp: await beginCodes(password) })} />}
      {step.name === "stop" && <PasswordGate hasPasskey={hasPasskey} label={say.turnOff} onCancel={toRest} onShown={stop} />}
      {step.name === "renew" && <PasswordGate hasPasskey={hasPasskey} label={say.newCodes} onCancel={toRest} onShown={async (password) => setStep({ name: "keep", codes: await newRecoveryCodes(password) })} />}
      {step.name === "scan" && <Scan setUp={step.setUp} onOn={(codes) => setStep({ name: "keep", codes })} onCancel={toRest} />}
      {step.name === "keep" && <RecoveryCodes codes={step.codes} onKept={done} />}
    </section>
  );
}

function CodeActions({ isOn, onStep }: { isOn: boolean; onStep: (name: "begin" | "stop" | "renew") => void }) {
  const { turnOn, turnOff, newCodes } = words();
  return (
    <div class="account-actions">
      {isOn ? (
        <>
          <button type="button" class="button" onClick={() => onStep("renew")} data-testid="codes-renew">
            {newCodes}
          </button>
          <button type="button" class="button button-quiet" onClick={() => onStep("stop")} data-testid="codes-stop">
            {turnOff}
          </button>
        </>
      ) : (
        <button type="button" class="button" onClick={() => onStep("begin")} data-testid="codes-begin">
          {turnOn}
        </button>
      )}
    </div>
  );
}

function Scan({ setUp, onOn, onCancel }: { setUp: SetUp; onOn: (codes: string[]) => void; onCancel: () => void }) {
  const { isBusy, error, take } = useStep();
  const [code, setCode] = useState("");
  const { scan, picture, typeInstead, firstCode, confirm, cancel } = words();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    take(async () => onOn(await confirmCodes(code.replace(/\s/g, ""))));
  };
  return (
    <form class="account-form-inline" onSubmit={submit}>
      <p>{scan}</p>
      <img class="account-qr" src={`data:image/svg+xml,${encodeURIComponent(setUp.qr_svg)}`} alt={picture} />
      <p>
        {typeInstead} <code data-testid="codes-secret">{setUp.secret}</code>
      </p>
      <div class="field">
        <label for="account-code">{firstCode}</label>
        <input id="account-code" inputMode="numeric" autocomplete="one-time-code" maxLength={8} required value={code} onInput={(event) => setCode(event.currentTarget.value)} data-testid="codes-first" />
      </div>
      <FormEnd error={error} isBusy={isBusy} cancel={cancel} onCancel={onCancel} submit={confirm} name="codes" />
    </form>
  );
}

import { useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { formatWhen } from "../../lib/format.ts";
import { canUsePasskeys, isNumber } from "../../lib/passkeys.ts";
import { showToast } from "../../lib/toast.ts";
import { PasswordGate, type Shown } from "./password-gate.tsx";
import { addPasskey, removePasskey, type Passkey } from "./requests.ts";
import { words } from "./words.ts";

export function Passkeys({ passkeys, onChange }: { passkeys: Passkey[]; onChange: () => void }) {
  const [isAdding, setAdding] = useState(false);
  const say = words();
  const add = async (password: Shown, form: FormData) => {
    const name = form.get("name");
    const isMade = await addPasskey(password, typeof name === "string" && name.trim() !== "" ? name : say.passkeyExample);
    showToast(isMade ? say.added : say.notAdded);
    setAdding(false);
    onChange();
  };
  return (
    <section aria-labelledby="account-passkeys">
      <h2 id="account-passkeys">{say.passkeys}</h2>
      <p>{say.passkeysText}</p>
      {passkeys.length === 0 ? <p class="account-soft" data-testid="passkeys-empty">{say.noPasskeys}</p> : <PasskeyList passkeys={passkeys} onChange={onChange} />}
      {!canUsePasskeys() && <Notice kind="info">{isNumber(window.location.hostname) ? say.passkeysNeedName : say.passkeysMissing}</Notice>}
      {canUsePasskeys() && !isAdding && (
        <div class="account-actions">
          <button type="button" class="button" onClick={() => setAdding(true)} data-testid="passkey-add">
            {say.addPasskey}
          </button>
        </div>
      )}
      {isAdding && (
        <PasswordGate hasPasskey={passkeys.length > 0} label={say.addPasskey} onCancel={() => setAdding(false)} onShown={add}>
          <div class="field">
            <label for="account-passkey-name">{say.passkeyName}</label>
            <input id="account-passkey-name" name="name" maxLength={60} placeholder={say.passkeyExample} data-testid="passkey-name" />
          </div>
        </PasswordGate>
      )}
    </section>
  );
}

function PasskeyList({ passkeys, onChange }: { passkeys: Passkey[]; onChange: () => void }) {
  const [asked, setAsked] = useState<Passkey | null>(null);
  const say = words();
  const remove = async (key: Passkey, password: Shown) => {
    await removePasskey(key.id, password);
    showToast(say.removed);
    setAsked(null);
    onChange();
  };
  return (
    <>
      <ul class="row-list" data-testid="passkeys">
        {passkeys.map((key) => (
          <li key={key.id}>
            <span>
              <strong>{key.name}</strong>
              <span class="account-soft">{key.used_at === null ? say.never : say.used(formatWhen(key.used_at))}</span>
            </span>
            <button type="button" class="button" onClick={() => setAsked(key)} aria-label={say.removeNamed(key.name)} data-testid="passkey-remove">
              {say.remove}
            </button>
          </li>
        ))}
      </ul>
      {asked !== null && (
        <PasswordGate key={asked.id} hasPasskey label={say.remove} onCancel={() => setAsked(null)} onShown={(password) => remove(asked, password)}>
          <p>
            <strong>{say.removeTitle(asked.name)}</strong> {say.removeText}
          </p>
        </PasswordGate>
      )}
    </>
  );
}

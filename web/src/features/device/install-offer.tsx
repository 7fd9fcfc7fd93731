import "./device.css";

import { useState } from "preact/hooks";

import { recall, remember } from "../../lib/memory.ts";
import { useStore } from "../../lib/use-store.ts";
import { install, installPrompt, isByShareMenu, isInstalled } from "./install.ts";
import { words } from "./words.ts";

const refusedKey = "ascension.install-refused";

/** On the list, once there is something to come back for; whoever says no is not asked again. */
export function InstallOffer() {
  const canAsk = useStore(installPrompt) !== null;
  const [isRefused, setRefused] = useState(() => recall(refusedKey) === true);
  if (isRefused || isInstalled() || !(canAsk || isByShareMenu())) return null;
  const { title, installText, notNow } = words();
  const refuse = () => {
    remember(refusedKey, true);
    setRefused(true);
  };
  return (
    <section class="install-offer" aria-label={title} data-testid="install-offer">
      <p>{installText}</p>
      <div class="install-offer-choices">
        <InstallWay />
        <button type="button" class="button button-quiet" onClick={refuse} data-testid="install-refuse">
          {notNow}
        </button>
      </div>
    </section>
  );
}

/** The way that this browser has: its own question, or the steps in its menu. */
function InstallWay() {
  const { install: installWord, iosSteps } = words();
  if (useStore(installPrompt) !== null) {
    return (
      <button type="button" class="button" onClick={install} data-testid="install">
        {installWord}
      </button>
    );
  }
  return (
    <ol>
      {iosSteps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  );
}

/** Part of the account page: the app on this device, and what it keeps here. */
export function DeviceSection() {
  const canAsk = useStore(installPrompt) !== null;
  const { title, installText, installed, noInstall, kept, notKept } = words();
  const isKept = "serviceWorker" in navigator && navigator.serviceWorker.controller !== null;
  return (
    <section class="account-part" aria-labelledby="device" data-testid="device">
      <h2 id="device">{title}</h2>
      {isInstalled() ? <p>{installed}</p> : <p>{canAsk || isByShareMenu() ? installText : noInstall}</p>}
      {!isInstalled() && (canAsk || isByShareMenu()) && <InstallWay />}
      <p>{isKept ? kept : notKept}</p>
    </section>
  );
}

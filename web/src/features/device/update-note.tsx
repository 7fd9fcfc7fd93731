import "./device.css";

import { useState } from "preact/hooks";

import { hasTyped, isBusy } from "../../lib/unsaved.ts";
import { useStore } from "../../lib/use-store.ts";
import { words } from "./words.ts";
import { newRelease, startNewRelease } from "./worker.ts";

/** A new release waits. It is used when the climber says so, and never over work that would be lost. */
export function UpdateNote() {
  const waiting = useStore(newRelease);
  const [isPutOff, setPutOff] = useState(false);
  const [obstacle, setObstacle] = useState<"sending" | "typed" | null>(null);
  if (waiting === null || isPutOff) return null;
  const { newVersion, useIt, later, whileSending, typedLost, useAnyway } = words();
  const use = () => {
    if (isBusy()) setObstacle("sending");
    else if (hasTyped() && obstacle !== "typed") setObstacle("typed");
    else startNewRelease(waiting);
  };
  return (
    <div class="update-note" role="status" data-testid="new-version">
      <p>{obstacle === null ? newVersion : obstacle === "sending" ? whileSending : typedLost}</p>
      <button type="button" class="button" onClick={use} data-testid="use-new-version">
        {obstacle === "typed" ? useAnyway : useIt}
      </button>
      <button type="button" class="button button-quiet" onClick={() => setPutOff(true)}>
        {later}
      </button>
    </div>
  );
}

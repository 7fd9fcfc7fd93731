import { useState } from "preact/hooks";

import { recall, remember } from "../../lib/memory.ts";
import { usePlayerKeys, type SwitchName } from "./keys.ts";
import type { Playback } from "./playback.ts";
import type { Reel } from "./result.ts";
import { words } from "./words.ts";

const offKey = "ascension.keys-off";

function keyWords(): [string, string][] {
  const { keys } = words();
  return [
    [keys.space, keys.play],
    [", .", keys.frame],
    ["← →", keys.second],
    [keys.homeEnd, keys.ends],
    ["[ ]", keys.speed],
    ["S P A H L", keys.layers],
    ["W", keys.ground],
  ];
}

/** The player's keys: what they do, and a way to keep them from getting in the way of other tools. */
export function PlayerKeys({ playback, result, onSwitch }: { playback: Playback; result: Reel; onSwitch: (name: SwitchName) => void }) {
  const [isOn, setOn] = useState(() => recall(offKey) !== true);
  usePlayerKeys(playback, result, onSwitch, isOn);
  const change = (next: boolean) => {
    remember(offKey, next ? null : true);
    setOn(next);
  };
  return (
    <details class="facts player-keys">
      <summary>{words().keyboard}</summary>
      <label class="player-keys-switch">
        <input type="checkbox" checked={isOn} onChange={(event) => change(event.currentTarget.checked)} data-testid="keys-on" /> {words().keysOn}
      </label>
      <dl>
        {keyWords().map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

import { useState } from "preact/hooks";

import { recall, remember } from "../../lib/memory.ts";
import { usePlayerKeys, type SwitchName } from "./keys.ts";
import type { Playback } from "./playback.ts";
import type { Reel } from "./result.ts";

const offKey = "ascension.keys-off";

const keyWords: [string, string][] = [
  ["Space", "play or pause"],
  [", .", "one frame back or forward"],
  ["← →", "one second back or forward"],
  ["Home End", "first or last frame"],
  ["[ ]", "slower or faster"],
  ["S P A H", "skeleton, balance, angles, holds"],
  ["W", "wall or video"],
];

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
      <summary>Keyboard</summary>
      <label class="player-keys-switch">
        <input type="checkbox" checked={isOn} onChange={(event) => change(event.currentTarget.checked)} data-testid="keys-on" /> These keys work on this page
      </label>
      <dl>
        {keyWords.map(([keys, words]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

import { useState } from "preact/hooks";

import { recall, remember } from "../../lib/memory.ts";
import { usePlayerKeys, type Keyed } from "./keys.ts";
import { words } from "./words.ts";

const offKey = "ascension.keys-off";

function keyWords(tools: Keyed["tools"]): [string, string][] {
  const { keys } = words();
  const ofLook: [string, string][] = [
    ["+ − 0", keys.zoom],
    [keys.shiftArrows, keys.pan],
    ["M", keys.loopMove],
    ["I O", keys.loopEnds],
  ];
  return [
    [keys.space, keys.play],
    [", .", keys.frame],
    ["← →", keys.second],
    [keys.homeEnd, keys.ends],
    ["[ ]", keys.speed],
    ["S G P B A H L", keys.layers],
    ["W", keys.ground],
    ...(tools === null ? [] : ofLook),
    ...(tools !== null && "draw" in tools ? [["C D", keys.panels] as [string, string]] : []),
  ];
}

/** The player's keys: what they do, and a way to keep them from getting in the way of other tools. */
export function PlayerKeys(keyed: Keyed) {
  const [isOn, setOn] = useState(() => recall(offKey) !== true);
  usePlayerKeys(keyed, isOn);
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
        {keyWords(keyed.tools).map(([keys, meaning]) => (
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

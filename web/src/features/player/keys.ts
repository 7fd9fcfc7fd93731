import { useLayoutEffect } from "preact/hooks";

import { speeds } from "./controls.tsx";
import type { Layers } from "./draw.ts";
import type { Playback } from "./playback.ts";
import type { Reel } from "./result.ts";
import { frameAt } from "./frames.ts";

const jumpS = 1;

/** Something that a key switches on and off: a layer, or the wall in place of the video. */
export type SwitchName = keyof Layers | "wall";

/** Keys of the player, wherever the focus is, except where it needs them itself. */
export function usePlayerKeys(playback: Playback, reel: Reel, onSwitch: (name: SwitchName) => void, isOn: boolean): void {
  // in the same step as the drawing: a key that follows a switch at once already obeys it
  useLayoutEffect(() => {
    if (!isOn) return undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTakenBy(event.target, event.key)) return;
      const action = actionOf(event.key, playback, reel, onSwitch);
      if (action === null) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [playback, reel, onSwitch, isOn]);
}

function actionOf(key: string, playback: Playback, reel: Reel, onSwitch: (name: SwitchName) => void): (() => void) | null {
  const at = playback.position.get();
  const jump = (seconds: number) => playback.seek(frameAt(reel.timesS, (reel.timesS[at] ?? 0) + seconds));
  const actions: Record<string, () => void> = {
    " ": () => (playback.playing.get() ? playback.pause() : playback.play()),
    ",": () => playback.seek(at - 1),
    ".": () => playback.seek(at + 1),
    ArrowLeft: () => jump(-jumpS),
    ArrowRight: () => jump(jumpS),
    Home: () => playback.seek(0),
    End: () => playback.seek(reel.frameCount - 1),
    "[": () => playback.setSpeed(neighborSpeed(playback.speed.get(), -1)),
    "]": () => playback.setSpeed(neighborSpeed(playback.speed.get(), 1)),
    s: () => onSwitch("skeleton"),
    p: () => onSwitch("path"),
    a: () => onSwitch("angles"),
    h: () => onSwitch("contacts"),
    l: () => onSwitch("loads"),
    w: () => onSwitch("wall"),
  };
  return actions[key] ?? null;
}

function neighborSpeed(speed: number, step: number): number {
  const index = speeds.findIndex((known) => known === speed) + step;
  return speeds[Math.max(0, Math.min(speeds.length - 1, index))] ?? speed;
}

/** Space presses a focused button, arrows move a focused slider or radio button, letters are typed. */
function isTakenBy(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog") !== null) return true;
  if (target instanceof HTMLSelectElement) return true;
  if (target.getAttribute("role") === "slider") return key.startsWith("Arrow") || key === "Home" || key === "End";
  if (target instanceof HTMLInputElement) {
    if (target.type === "range") return key.startsWith("Arrow") || key === "Home" || key === "End";
    if (target.type === "checkbox") return key === " ";
    return true;
  }
  return key === " " && target.closest("button, a, summary, label") !== null;
}

import { useLayoutEffect } from "preact/hooks";

import { speeds } from "./controls.tsx";
import type { Layers } from "./draw.ts";
import type { Playback } from "./playback.ts";
import type { Reel } from "./result.ts";
import { frameAt } from "./frames.ts";
import { beginningAt, endingAt } from "./loop.ts";
import type { LookKit, ToolKit } from "./use-tools.ts";
import { buttonStep } from "./zoom.ts";

const jumpS = 1;
const panShare = 0.1;

/** Something that a key switches on and off: a layer, or the wall in place of the video. */
export type SwitchName = keyof Layers | "wall";

/** What keys act on. */
export interface Keyed {
  playback: Playback;
  result: Reel;
  onSwitch: (name: SwitchName) => void;
  /** null: there are none. */
  tools: LookKit | ToolKit | null;
  /** While somebody works on the picture: "frames" leaves the tools alone, "picture" the frame, too. */
  keep?: "frames" | "picture" | undefined;
}

/** Keys of the player, wherever the focus is, except where it needs them itself. */
export function usePlayerKeys({ playback, result, onSwitch, tools, keep }: Keyed, isOn: boolean): void {
  // in the same step as the drawing: a key that follows a switch at once already obeys it
  useLayoutEffect(() => {
    if (!isOn) return undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTakenBy(event.target, event.key)) return;
      const keyed = { playback, result, onSwitch, tools };
      const ofFrames = keep === "picture" ? null : actionOf(event.key, keyed);
      const action = lookOf(event.key, event.shiftKey, tools) ?? ofFrames ?? (keep === undefined ? toolOf(event.key, keyed) : null);
      if (action === null) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [playback, result, onSwitch, tools, keep, isOn]);
}

function actionOf(key: string, { playback, result: reel, onSwitch }: Keyed): (() => void) | null {
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
    g: () => onSwitch("hidden"),
    p: () => onSwitch("path"),
    b: () => onSwitch("support"),
    a: () => onSwitch("angles"),
    h: () => onSwitch("contacts"),
    l: () => onSwitch("loads"),
    w: () => onSwitch("wall"),
  };
  return actions[key] ?? null;
}

function toolOf(key: string, { playback, result, tools }: Keyed): (() => void) | null {
  if (tools === null) return null;
  const { stretch } = tools;
  const at = playback.position.get();
  const actions: Record<string, () => void> = {
    i: () => stretch.set(beginningAt(stretch.get(), at, result.frameCount)),
    o: () => stretch.set(endingAt(stretch.get(), at, result.frameCount)),
    m: tools.loopPart,
    ...("draw" in tools ? { c: tools.toggleCharts, d: tools.draw } : {}),
  };
  return actions[key] ?? null;
}

/** How near, and where; plus needs Shift on some keyboards. */
function lookOf(key: string, isShifted: boolean, tools: LookKit | null): (() => void) | null {
  if (tools === null) return null;
  const looks: Record<string, () => void> = { "+": () => tools.zoomBy(buttonStep), "=": () => tools.zoomBy(buttonStep), "-": () => tools.zoomBy(1 / buttonStep), "0": tools.showWhole };
  const direction = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
  if (direction === undefined) return looks[key] ?? null;
  const [right = 0, down = 0] = direction;
  return isShifted && tools.zoom.get().scale > 1 ? () => tools.panBy(right * panShare, down * panShare) : null;
}

function neighborSpeed(speed: number, step: number): number {
  const index = speeds.findIndex((known) => known === speed) + step;
  return speeds[Math.max(0, Math.min(speeds.length - 1, index))] ?? speed;
}

/** Space presses a focused button, arrows move a focused slider or radio button, letters are typed. */
function isTakenBy(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog") !== null) return true;
  if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return true;
  if (target.getAttribute("role") === "slider") return key.startsWith("Arrow") || key === "Home" || key === "End";
  if (target instanceof HTMLInputElement) {
    if (target.type === "range") return key.startsWith("Arrow") || key === "Home" || key === "End";
    if (target.type === "checkbox") return key === " ";
    return true;
  }
  return key === " " && target.closest("button, a, summary, label") !== null;
}

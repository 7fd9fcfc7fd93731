import { frameAtShare } from "./moments.ts";
import type { Playback } from "./playback.ts";

/** A pointer on something that is as wide as the clip is long: it goes to the frame below, and takes it along. */
export function scrubbing(playback: Playback, frameCount: number) {
  const seekTo = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    playback.seek(frameAtShare((event.clientX - left) / width, frameCount));
  };
  return {
    onPointerDown: (event: PointerEvent & { currentTarget: HTMLElement }) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      seekTo(event);
    },
    onPointerMove: (event: PointerEvent & { currentTarget: HTMLElement }) => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
    },
  };
}

/** Where a key takes what has the focus. */
export function seekByKey(event: KeyboardEvent, playback: Playback, targets: Readonly<Record<string, number>>): void {
  const target = targets[event.key];
  if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  playback.seek(target);
}

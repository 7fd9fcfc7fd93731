import { createStore, type Store } from "../../lib/store.ts";
import { frameAt, seekTimeS } from "./frames.ts";

/** What moves through the frames of a result: the video, or a clock where there is no video any more. */
export interface Playback {
  /** The frame on screen now. */
  frame: Store<number>;
  /** The frame asked for: ahead of `frame` while the video still seeks. */
  position: Store<number>;
  playing: Store<boolean>;
  speed: Store<number>;
  /** Media time of the frame on screen, in seconds. */
  mediaTimeS: () => number;
  play: () => void;
  pause: () => void;
  /** Shows exactly this frame; the nearest end where it is outside. */
  seek: (frame: number) => void;
  setSpeed: (speed: number) => void;
  /** Lets go of the video or clock. */
  close: () => void;
}

/** A stretch of it can be played again and again. */
export interface ClipPlayback extends Playback {
  /** Goes there and plays on where it plays. */
  jump: (frame: number) => void;
  /** It stands because there is no more to play. */
  isAtEnd: () => boolean;
}

/**
 * Follows the frames that the video element really shows. `shownS`: media time of the picture that is on screen now,
 * since a result that replaces another one finds the video anywhere, and its clock may be ahead of the picture.
 */
export function followVideo(video: HTMLVideoElement, timesS: Float64Array, shownS: number): ClipPlayback {
  const frame = createStore(frameAt(timesS, shownS));
  const position = createStore(frame.get());
  const playing = createStore(!video.paused);
  const speed = createStore(video.playbackRate);
  const closing = new AbortController();
  let shownTimeS = timesS[frame.get()] ?? 0;
  let wanted: number | null = null; // seeks while one is under way: only the last counts

  const show = (mediaTimeS: number) => {
    shownTimeS = mediaTimeS;
    frame.set(frameAt(timesS, mediaTimeS));
    // pictures that pass while the bar is dragged must not pull it back
    if (video.paused && (video.seeking || wanted !== null)) return;
    position.set(frame.get());
  };
  const seekNow = (target: number) => {
    wanted = null;
    video.currentTime = seekTimeS(timesS, target);
  };
  const jump = (target: number) => {
    const inside = clampFrame(target, timesS);
    position.set(inside); // repeated steps count from where the last one goes
    if (video.seeking) wanted = inside;
    else seekNow(inside);
  };
  const on = (type: string, listener: () => void) => video.addEventListener(type, listener, { signal: closing.signal });

  on("play", () => playing.set(true));
  for (const stop of ["pause", "ended"]) on(stop, () => playing.set(false));
  on("loadeddata", () => (video.playbackRate = speed.get())); // a fresh source plays at 1 again
  on("seeked", () => {
    if (wanted !== null) seekNow(wanted);
    else if (video.paused) show(timesS[frameAt(timesS, video.currentTime)] ?? 0); // the same picture is not put on screen again
  });
  watchPictures(video, show, closing.signal);

  return {
    frame,
    position,
    playing,
    speed,
    mediaTimeS: () => shownTimeS,
    play: () => {
      if ((video.ended && !video.seeking) || position.get() >= timesS.length - 1) {
        wanted = null;
        video.currentTime = 0;
      }
      void video.play().catch(() => playing.set(false)); // refused or interrupted: the button shows it
    },
    pause: () => video.pause(),
    seek: (target) => {
      video.pause();
      jump(target);
    },
    jump,
    isAtEnd: () => video.ended,
    setSpeed: (next) => {
      speed.set(next);
      video.playbackRate = next;
    },
    close: () => closing.abort(),
  };
}

/** Calls `show` with the media time of each picture that is put on screen. */
function watchPictures(video: HTMLVideoElement, show: (mediaTimeS: number) => void, signal: AbortSignal): void {
  if ("requestVideoFrameCallback" in HTMLVideoElement.prototype) {
    const next = (_now: number, picture: VideoFrameCallbackMetadata) => {
      if (signal.aborted) return;
      show(picture.mediaTime);
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
    return;
  }
  // Older browsers: the clock of the element, read before every repaint while it runs.
  const tick = () => {
    if (signal.aborted) return;
    if (!video.paused) show(video.currentTime);
    requestAnimationFrame(tick);
  };
  video.addEventListener("pause", () => show(video.currentTime), { signal }); // it went on after the last repaint
  requestAnimationFrame(tick);
}

/** Runs through the frames by the clock alone. */
export function followClock(timesS: Float64Array): ClipPlayback {
  const frame = createStore(0);
  const position = createStore(0);
  const playing = createStore(false);
  const speed = createStore(1);
  let positionS = 0;
  let lastMs: number | null = null;
  let request = 0;

  const show = (next: number) => {
    frame.set(next);
    position.set(frame.get()); // whoever heard of it may have gone elsewhere
  };
  const isAtEnd = () => frame.get() >= timesS.length - 1;
  const jump = (target: number) => {
    const inside = clampFrame(target, timesS);
    positionS = timesS[inside] ?? 0;
    show(inside);
  };
  const pause = () => {
    cancelAnimationFrame(request);
    playing.set(false);
  };
  const tick = (nowMs: number) => {
    if (lastMs !== null) positionS += ((nowMs - lastMs) / 1000) * speed.get();
    lastMs = nowMs;
    show(frameAt(timesS, positionS));
    if (!playing.get()) return; // whoever heard of the frame stopped it
    request = requestAnimationFrame(tick);
    if (isAtEnd()) pause();
  };

  return {
    frame,
    position,
    playing,
    speed,
    mediaTimeS: () => timesS[frame.get()] ?? 0,
    play: () => {
      if (isAtEnd()) positionS = 0;
      lastMs = null;
      playing.set(true);
      cancelAnimationFrame(request);
      request = requestAnimationFrame(tick);
    },
    pause,
    seek: (target) => {
      pause();
      jump(target);
    },
    jump,
    isAtEnd,
    setSpeed: (next) => speed.set(next),
    close: pause,
  };
}

/** Plays or pauses; returns how to undo that. */
export function togglePlaying(playback: Playback | null): () => void {
  if (playback?.playing.get() === true) {
    playback.pause();
    return playback.play;
  }
  const before = playback?.position.get() ?? 0;
  playback?.play();
  return () => playback?.seek(before);
}

function clampFrame(frame: number, timesS: Float64Array): number {
  return Math.max(0, Math.min(timesS.length - 1, frame));
}

import { useEffect, useState } from "preact/hooks";

import { hintsOf, steadyHints, type Hint } from "./hints.ts";
import { tiltOf } from "./level.ts";
import { limits } from "./limits.gen.ts";
import { grayOf, lightOf, movedRows, sharpnessOf, type Gray } from "./looks.ts";

const everyMs = 400;
/** A climber rests on holds: what moved is gathered for so long. */
const gatheredMs = 6_000;
const fewestMoves = 3;

interface Moved {
  atMs: number;
  first: number;
  end: number;
}

/** The tilt against the horizon, again whenever the phone is moved; null where no sensor tells. `round`: the climber was asked once more. */
export function useTilt(round: number): number | null {
  const [tilt, setTilt] = useState<number | null>(null);
  useEffect(() => {
    const turn = ({ beta, gamma }: DeviceOrientationEvent) => {
      const found = tiltOf(beta, gamma, (screen as Partial<Screen>).orientation?.angle ?? 0);
      setTilt(found === null ? null : Math.round(found));
    };
    window.addEventListener("deviceorientation", turn);
    return () => window.removeEventListener("deviceorientation", turn);
  }, [round]);
  return tilt;
}

/** What should be changed, from the pictures that the camera shows. */
export function useHints(video: { current: HTMLVideoElement | null }, tiltDeg: number | null): Hint[] {
  const [hints, setHints] = useState<Hint[]>([]);
  const [look] = useState(createLook);
  useEffect(() => {
    const timer = setInterval(() => {
      if (video.current === null || video.current.videoWidth === 0) return;
      const next = look(video.current, tiltDeg);
      setHints((shown) => (shown.join() === next.join() ? shown : next));
    }, everyMs);
    return () => clearInterval(timer);
  }, [video, tiltDeg, look]);
  return hints;
}

function createLook(): (video: HTMLVideoElement, tiltDeg: number | null) => Hint[] {
  const steady = steadyHints();
  let before: Gray | null = null;
  let moves: Moved[] = [];
  return (video, tiltDeg) => {
    const { videoWidth, videoHeight } = video;
    const scale = limits.samples / Math.max(videoWidth, videoHeight);
    const small = drawn(video, { left: 0, top: 0, width: videoWidth, height: videoHeight }, Math.round(videoWidth * scale), Math.round(videoHeight * scale));
    const nowMs = performance.now();
    const rows = before?.values.length === small.values.length ? movedRows(before, small) : null;
    before = small;
    moves = moves.filter(({ atMs }) => nowMs - atMs < gatheredMs);
    if (rows !== null) moves.push({ atMs: nowMs, ...rows });
    const movedShare = moves.length < fewestMoves ? null : (Math.max(...moves.map(({ end }) => end)) - Math.min(...moves.map(({ first }) => first))) / small.height;
    // the climber is somewhere in the middle; the analysis looks at the square around them
    const side = Math.min(videoWidth, videoHeight) / 2;
    const middle = drawn(video, { left: (videoWidth - side) / 2, top: (videoHeight - side) / 2, width: side, height: side }, limits.bodyPx, limits.bodyPx);
    return steady(hintsOf({ light: lightOf(small), sharpness: sharpnessOf(middle), movedShare, heightPx: videoHeight, tiltDeg }));
  };
}

interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

function drawn(video: HTMLVideoElement, { left, top, width, height }: Rectangle, columns: number, rows: number): Gray {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return { values: new Float32Array(columns * rows), width: columns, height: rows };
  context.drawImage(video, left, top, width, height, 0, 0, columns, rows);
  return grayOf(context.getImageData(0, 0, columns, rows));
}

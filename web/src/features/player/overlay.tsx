import { useCallback, useLayoutEffect, useMemo } from "preact/hooks";

import { clear, drawBody, ownPalette, type Layers } from "./draw.ts";
import { drawContacts } from "./draw-contacts.ts";
import { drawSupport } from "./draw-support.ts";
import { useFittedCanvas } from "./fitted-canvas.ts";
import { holdNumbers } from "./moments.ts";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import type { View } from "./view.ts";

interface Drawing {
  result: Result;
  frame: number;
  view: View;
  layers: Layers;
  numbers: ReadonlyMap<number, number>;
}

/** Everything of one frame, over what the canvas shows already. */
export function drawLayers(canvas: HTMLCanvasElement, { result, frame, view, layers, numbers }: Drawing): void {
  if (layers.support) drawSupport(canvas, result, frame, view);
  drawBody(canvas, result, frame, layers, view, ownPalette);
  if (layers.contacts || layers.loads) drawContacts(canvas, result, frame, view, layers, numbers);
}

const noNumbers: ReadonlyMap<number, number> = new Map();

interface Props {
  result: Result;
  playback: Playback;
  layers: Layers;
  view: View;
  /** The wall has its holds numbered already. */
  hasNumbers: boolean;
  /** Of holds by their ids, in place of the climb's own order. */
  shared?: ReadonlyMap<number, number>;
}

/** The canvas over the picture: drawn again for every frame shown, every size and every switch. */
export function Overlay({ result, playback, layers, view, hasNumbers, shared }: Props) {
  const { climb } = result.facts;
  const numbers = useMemo(() => (climb != null && hasNumbers ? (shared ?? holdNumbers(climb)) : noNumbers), [climb, hasNumbers, shared]);
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      const frame = playback.frame.get();
      const context = canvas.getContext("2d");
      if (context === null) return;
      clear(context);
      drawLayers(canvas, { result, frame, view, layers, numbers });
      canvas.dataset["frame"] = String(frame);
      canvas.dataset["mediaTime"] = String(playback.mediaTimeS());
    },
    [result, playback, layers, view, numbers],
  );
  const ref = useFittedCanvas(draw);

  useLayoutEffect(
    () =>
      playback.frame.subscribe(() => {
        if (ref.current !== null) draw(ref.current);
      }),
    [playback, draw, ref],
  );
  return <canvas class="overlay" ref={ref} aria-hidden="true" data-testid="overlay" />;
}

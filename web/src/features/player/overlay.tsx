import { useEffect, useRef } from "preact/hooks";

import { drawFrame, type Layers } from "./draw.ts";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";

/** The canvas over the picture: drawn again for every frame shown, every size and every switch. */
export function Overlay({ result, playback, layers }: { result: Result; playback: Playback; layers: Layers }) {
  const ref = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return undefined;
    const draw = () => {
      const frame = playback.frame.get();
      drawFrame(canvas, result, frame, layers);
      canvas.dataset["frame"] = String(frame);
      canvas.dataset["mediaTime"] = String(playback.mediaTimeS());
    };
    const fit = () => {
      const width = Math.round(canvas.clientWidth * window.devicePixelRatio);
      const height = Math.round(canvas.clientHeight * window.devicePixelRatio);
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      draw();
    };
    const sizes = new ResizeObserver(fit);
    sizes.observe(canvas);
    const unsubscribe = playback.frame.subscribe(draw);
    fit();
    return () => {
      sizes.disconnect();
      unsubscribe();
    };
  }, [result, playback, layers]);

  return <canvas class="overlay" ref={ref} aria-hidden="true" data-testid="overlay" />;
}

import { useCallback, useMemo } from "preact/hooks";

import { drawHolds, holdsOnPicture } from "./draw-contacts.ts";
import { useFittedCanvas } from "./fitted-canvas.ts";
import { holdNumbers } from "./moments.ts";
import type { Result } from "./result.ts";
import type { View } from "./view.ts";
import { words } from "./words.ts";

/** The holds that were used, over the wall and whoever climbs on it. */
export function HoldsLayer({ result, view }: { result: Result; view: View }) {
  const used = useMemo(() => (result.facts.climb == null ? [] : holdsOnPicture(result, holdNumbers(result.facts.climb), view, 0)), [result, view]);
  const mark = useCallback(
    (canvas: HTMLCanvasElement) => {
      canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
      drawHolds(canvas, used, view);
    },
    [used, view],
  );
  const holds = useFittedCanvas(mark);
  return <canvas class="overlay" ref={holds} role="img" aria-label={words().holds(used.length)} data-testid="holds" data-holds={used.length} />;
}

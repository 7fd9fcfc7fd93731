import type { ComponentChildren } from "preact";
import { useMemo, type MutableRef } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { formatClock } from "../../lib/format.ts";
import { useLate } from "../../lib/use-late.ts";
import type { Still } from "../stills/still.ts";
import { words as stillWords } from "../stills/words.ts";
import { useWayBack } from "./correction.ts";
import { clear, type Layers } from "./draw.ts";
import { drawHolds, holdsOnPicture } from "./draw-contacts.ts";
import { drawWays } from "./draw-ways.ts";
import { fileName } from "./export.ts";
import { holdNumbers } from "./moments.ts";
import { drawLayers } from "./overlay.tsx";
import { pictureBelow } from "./points-layer.tsx";
import type { Ready } from "./ready.ts";
import type { ToolKit } from "./use-tools.ts";
import type { Ground } from "./view-switch.tsx";
import { words } from "./words.ts";

interface Drawing {
  isOpen: boolean;
  onStage: ComponentChildren;
  panel: ComponentChildren;
}

interface Around {
  stage: MutableRef<HTMLElement | null>;
  layers: Layers;
  ground: Ground;
}

const closed: Drawing = { isOpen: false, onStage: null, panel: null };

/** Somebody draws on the frame that is on screen. What was drawn on it is still there when they come back to it. */
export function useDrawing({ drawing, endDrawing, name }: ToolKit, ready: Ready | null, around: Around): Drawing {
  const isOpen = drawing?.isOpen === true && ready !== null;
  const frame = drawing?.frame ?? 0;
  const late = useLate(fetchStills, isOpen);
  useWayBack(isOpen, endDrawing);
  const { value } = late;
  const [result, view] = [ready?.result, ready?.view];
  const sketch = useMemo(() => ({ of: [result, view, frame], value: value?.createSketch() ?? null }), [value, result, view, frame]).value;
  if (!isOpen) return closed;
  if (value === null || sketch === null) return { isOpen, onStage: null, panel: <Waiting isMissing={late.isMissing} onAgain={late.again} onClose={endDrawing} /> };
  const { StillLayer, StillPanel } = value;
  const still = stillOf(ready, frame, name, around);
  return { isOpen, onStage: <StillLayer still={still} sketch={sketch} />, panel: <StillPanel still={still} sketch={sketch} onClose={endDrawing} /> };
}

async function fetchStills() {
  const [{ createSketch }, { StillLayer }, { StillPanel }] = await Promise.all([import("../stills/sketch.ts"), import("../stills/still-layer.tsx"), import("../stills/still-panel.tsx")]);
  return { createSketch, StillLayer, StillPanel };
}

/** Instead of the tools: they are on their way, or do not come. */
function Waiting({ isMissing, onAgain, onClose }: { isMissing: boolean; onAgain: () => void; onClose: () => void }) {
  return (
    <div class="drawing-waits">
      {isMissing && <Notice kind="error">{stillWords().missing}</Notice>}
      {isMissing && (
        <button type="button" class="button" onClick={onAgain}>
          {words().again}
        </button>
      )}
      <button type="button" class="button" onClick={onClose}>
        {stillWords().close}
      </button>
    </div>
  );
}

function stillOf(ready: Ready, frame: number, name: string, { stage, layers, ground }: Around): Still {
  const { widthPx: width, heightPx: height } = ready.view;
  const atS = ready.result.timesS[frame] ?? 0;
  return {
    width,
    height,
    caption: `${name} · ${formatClock(atS)}`,
    fileName: fileName(name, `${formatClock(atS).replaceAll(/[:.]/g, "-")}.png`),
    paint: (canvas) => {
      const below = stage.current === null ? null : pictureBelow(stage.current);
      if (below !== null) canvas.getContext("2d")?.drawImage(below.source, 0, 0, canvas.width, canvas.height);
      const over = document.createElement("canvas");
      [over.width, over.height] = [canvas.width, canvas.height];
      drawOver(over, ready, frame, layers, ground);
      canvas.getContext("2d")?.drawImage(over, 0, 0);
    },
  };
}

/** The same as lies over the picture on the page. */
function drawOver(canvas: HTMLCanvasElement, { result, view }: Ready, frame: number, layers: Layers, ground: Ground): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { climb } = result.facts;
  const numbers = climb == null ? new Map<number, number>() : holdNumbers(climb);
  const isWall = ground === "wall";
  clear(context);
  if (isWall && layers.path) drawWays(canvas, result, view);
  drawLayers(canvas, { result, frame, view, layers, numbers: isWall ? new Map() : numbers });
  if (isWall && layers.contacts) drawHolds(canvas, holdsOnPicture(result, numbers, view, 0), view);
}

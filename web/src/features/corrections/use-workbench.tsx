import { useLayoutEffect, useRef } from "preact/hooks";

import type { Bench, Workbench } from "../player/workbench.ts";
import { CorrectionsCard } from "./card.tsx";
import { WorkOnStage } from "./layers.tsx";
import { WorkPanel } from "./panel.tsx";
import { isUnderWay, type Desk } from "./requests.ts";
import { useWork } from "./work.ts";

/** Corrections on the player's picture. `isFree`: the analysis is at rest and has a result. */
export function useWorkbench(desk: Desk, isFree: boolean): Workbench {
  const work = useWork();
  const wasOpen = useRef(false);
  const canBegin = isFree && !isUnderWay(desk.corrections) && !desk.isOriginal; // corrections name what the corrected result has
  const { isOpen, close } = work;
  useLayoutEffect(() => {
    // the button that opened it is drawn anew
    if (wasOpen.current && !isOpen) document.querySelector<HTMLElement>("[data-testid=put-right]")?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  useLayoutEffect(() => {
    if (!isFree) close(); // its frames and holds will be others
  }, [isFree, close]);
  return {
    isOpen,
    onStage: (bench: Bench) => <WorkOnStage bench={bench} work={work} />,
    panel: (bench: Bench) => <WorkPanel bench={bench} work={work} desk={desk} />,
    card: (bench: Bench) => <CorrectionsCard bench={bench} desk={desk} onBegin={canBegin ? () => work.open(bench) : null} />,
  };
}

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

/** What waits for its turn: one piece at a time, so that a finger is heard between them. */
const waiting: (() => void)[] = [];

function takeTurns(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setTimeout(takeTurns);
}

/** What nobody sees at once: it is drawn right after what they see is on screen. */
export function Soon({ children }: { children: ComponentChildren }) {
  return useSoon(true) ? <>{children}</> : null;
}

/** True from its turn on, which it waits for once `isWanted` is drawn. */
export function useSoon(isWanted: boolean): boolean {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    if (!isWanted) return undefined;
    const draw = () => setDue(true);
    waiting.push(draw);
    if (waiting.length === 1) setTimeout(takeTurns);
    return () => {
      const place = waiting.indexOf(draw);
      if (place !== -1) waiting.splice(place, 1);
    };
  }, [isWanted]);
  return isDue;
}

import { useEffect, useRef, useState } from "preact/hooks";

import { guardReload } from "../../lib/unsaved.ts";
import { record, type Ending, type Progress, type Recording } from "./recorder.ts";
import type { Take } from "./takes.ts";
import { words } from "./words.ts";

export type Phase = { name: "ready" } | { name: "counting"; leftS: number } | { name: "starting" } | { name: "filming"; progress: Progress };

interface Wanted {
  stream: MediaStream;
  user: string;
  onTake: (take: Take | null, ending: Ending) => void;
  /** Nothing can be kept. */
  onRefused: () => void;
}

/** Counts down, films, stops. Whoever leaves the page keeps what was filmed. */
export function useRecording({ stream, user, onTake, onRefused }: Wanted) {
  const [phase, setPhase] = useState<Phase>({ name: "ready" });
  const recording = useRef<Recording | null>(null);
  const isGone = useRef(false);
  const isBusy = phase.name !== "ready";
  useEffect(() => (isBusy ? guardReload(() => true) : undefined), [isBusy]);
  useEffect(
    () => () => {
      isGone.current = true;
      recording.current?.stop();
    },
    [],
  );
  const begin = async () => {
    setPhase({ name: "starting" });
    void (navigator.storage as Partial<StorageManager>).persist?.().catch(() => false); // a film is worth more than a cache
    try {
      const started = await record(stream, user, nameNow, (progress) => {
        if (!isGone.current) setPhase({ name: "filming", progress });
      });
      recording.current = started;
      if (isGone.current) started.stop(); // the page went while it began
      setPhase({ name: "filming", progress: { elapsedS: 0, sizeBytes: 0 } });
      const { take, ending } = await started.done;
      recording.current = null;
      if (isGone.current) return;
      setPhase({ name: "ready" });
      onTake(take, ending);
    } catch {
      if (isGone.current) return;
      setPhase({ name: "ready" });
      onRefused();
    }
  };
  useEffect(() => {
    if (phase.name !== "counting") return undefined;
    const timer = setTimeout(() => {
      if (phase.leftS > 1) setPhase({ name: "counting", leftS: phase.leftS - 1 });
      else void begin();
    }, 1000);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the count alone moves it on
  }, [phase]);
  return {
    phase,
    start: (waitS: number) => (waitS > 0 ? setPhase({ name: "counting", leftS: waitS }) : void begin()),
    stop: () => (phase.name === "counting" ? setPhase({ name: "ready" }) : recording.current?.stop()),
  };
}

/** "Climb 2026-11-23 14.05.09.mp4", by the climber's own clock. */
function nameNow(extension: string): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return words().clipName(`${day} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`, extension);
}

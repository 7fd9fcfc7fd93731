import { useEffect, useRef, useState } from "preact/hooks";

import { PauseIcon, PlayIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { formatClock } from "../../lib/format.ts";
import { playerOf } from "./pictures.ts";
import { Strip } from "./strip.tsx";
import { setCut, type Cut, type Take } from "./takes.ts";
import { words } from "./words.ts";

interface Player {
  video: HTMLVideoElement;
  durationS: number;
}

interface Props {
  user: string;
  take: Take;
  onUse: () => void;
  onAgain: () => void;
  onNext: () => void;
}

/** One clip before it is sent: played, cut, kept or not. */
export function Review({ user, take, onUse, onAgain, onNext }: Props) {
  const { url, player, isUnplayable } = usePlayer(take);
  const [part, setPart] = useState<Cut | null>(take.cut);
  const shown = useRef<HTMLVideoElement>(null);
  const say = words();
  const durationS = player?.durationS ?? null;
  const current = durationS === null ? null : (part ?? { startS: 0, endS: durationS });
  const choose = (next: Cut, movedTo: number) => {
    if (durationS === null) return;
    const isWhole = next.startS === 0 && next.endS >= durationS - 0.05;
    setPart(isWhole ? null : next);
    if (shown.current !== null) shown.current.currentTime = movedTo;
  };
  const keep = async (go: () => void) => {
    await setCut(user, take.id, part, durationS ?? take.durationS ?? 0);
    go();
  };
  return (
    <section class="review" data-testid="review">
      {url !== null && !isUnplayable && <video ref={shown} class="review-video" src={url} muted playsInline preload="auto" aria-label={take.name} data-testid="review-video" />}
      {isUnplayable && <Notice kind="info">{say.cannotShow}</Notice>}
      {player !== null && current !== null && (
        <>
          <PartPlayer video={shown} part={current} />
          {canCut() && <Strip player={player} part={current} onPart={choose} />}
          {canCut() && <CutHere current={current} onPart={choose} here={() => shown.current?.currentTime ?? 0} />}
          {canCut() ? <PartWords take={take} part={part} current={current} /> : <Notice kind="info">{say.cannotCut}</Notice>}
        </>
      )}
      <div class="review-actions">
        <button type="button" class="button button-primary" onClick={() => void keep(onUse)} data-testid="review-use">
          {say.use}
        </button>
        {take.isFilmed && (
          <>
            <button type="button" class="button" onClick={() => void keep(onNext)} data-testid="review-next">
              {say.next}
            </button>
            <button type="button" class="button button-quiet" onClick={onAgain} data-testid="review-again">
              {say.filmAgain}
            </button>
          </>
        )}
      </div>
    </section>
  );
}

/** The part's ends where the clip stands: found by playing it. */
function CutHere({ current, onPart, here }: { current: Cut; onPart: (part: Cut, movedTo: number) => void; here: () => number }) {
  const begin = () => onPart({ ...current, startS: Math.max(0, Math.min(here(), current.endS - 1)) }, here());
  const end = () => onPart({ ...current, endS: Math.max(here(), current.startS + 1) }, here());
  return (
    <div class="review-here">
      <button type="button" class="button" onClick={begin} data-testid="begin-here">
        {words().beginHere}
      </button>
      <button type="button" class="button" onClick={end} data-testid="end-here">
        {words().endHere}
      </button>
    </div>
  );
}

/** True where the browser can write what is cut. */
function canCut(): boolean {
  return "FileSystemFileHandle" in window && "createWritable" in FileSystemFileHandle.prototype;
}

/** An address of the clip while it is looked at, and a second player that draws the strip. */
function usePlayer({ file }: Take) {
  const [url, setUrl] = useState<string | null>(null);
  const [player, setPlayer] = useState<Player | null>(null);
  const [isUnplayable, setUnplayable] = useState(false);
  useEffect(() => {
    let isGone = false;
    const made = URL.createObjectURL(file);
    setUrl(made);
    playerOf(made)
      .then((found) => {
        if (!isGone) setPlayer(found);
      })
      .catch(() => {
        if (!isGone) setUnplayable(true);
      });
    return () => {
      isGone = true;
      URL.revokeObjectURL(made);
    };
  }, [file]);
  return { url, player, isUnplayable };
}

/** Plays from the part's begin to its end. */
function PartPlayer({ video, part }: { video: { current: HTMLVideoElement | null }; part: Cut }) {
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    const leaving = new AbortController();
    const { signal } = leaving;
    element.addEventListener("play", () => setPlaying(true), { signal });
    element.addEventListener("pause", () => setPlaying(false), { signal });
    element.addEventListener(
      "timeupdate",
      () => {
        if (!element.paused && element.currentTime >= part.endS) element.pause();
      },
      { signal },
    );
    return () => leaving.abort();
  }, [video, part.endS]);
  const play = () => {
    const element = video.current;
    if (element === null) return;
    if (!element.paused) {
      element.pause();
      return;
    }
    if (element.currentTime < part.startS || element.currentTime >= part.endS - 0.1) element.currentTime = part.startS;
    void element.play().catch(() => undefined); // the button shows that it stands
  };
  return (
    <button type="button" class="button" onClick={play} data-testid="review-play">
      {isPlaying ? <PauseIcon /> : <PlayIcon />} {isPlaying ? words().pause : words().play}
    </button>
  );
}

/** What is sent, and where a cut really begins. */
function PartWords({ take, part, current }: { take: Take; part: Cut | null; current: Cut }) {
  const [realS, setRealS] = useState<number | null>(null);
  const wantedS = part?.startS ?? null;
  useEffect(() => {
    setRealS(null);
    if (wantedS === null || wantedS === 0) return undefined;
    let isGone = false;
    const timer = setTimeout(() => {
      import("./cut.ts")
        .then(({ realStart }) => realStart(take.file, wantedS))
        .then((found) => {
          if (!isGone) setRealS(found);
        })
        .catch(() => undefined); // said when it is sent
    }, 300);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [take.file, wantedS]);
  const isEarlier = realS !== null && wantedS !== null && wantedS - realS > 0.05;
  return (
    <p class="review-part" data-testid="review-part" data-real={realS ?? ""}>
      {part === null ? words().whole : words().part(formatClock(current.startS), formatClock(current.endS), (current.endS - current.startS).toFixed(1))}
      {isEarlier && <span>{words().realStart(formatClock(realS))}</span>}
    </p>
  );
}

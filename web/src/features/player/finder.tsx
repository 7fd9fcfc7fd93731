import "./player.css";
import "./controls.css";

import { useEffect, useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import type { Choices } from "../../lib/api.ts";
import { formatClock } from "../../lib/format.ts";
import { useCorrection } from "./correction.ts";
import { SendPanel, WhoPanel, type SendChoices } from "./correction-panel.tsx";
import { usePlaybackUrl } from "./load.ts";
import { PickedOutline, PickingLayer } from "./picking.tsx";
import type { ClipSize } from "./clip-size.ts";
import { words } from "./words.ts";

const stepS = 0.05;
/** Copies are rounded to whole pixels. */
const mostAskew = 0.03;

interface Props {
  videoId: string;
  choices: Choices;
  onSend: SendChoices;
}

/** For a clip in which no climber was found: the climber can be pointed out. Closed until it is asked for. */
export function ClimberFinder({ videoId, choices, onSend }: Props) {
  const correction = useCorrection();
  return (
    <>
      {correction.step === null && (
        <button type="button" class="button button-primary" onClick={() => correction.open({ at: "who" }, choices)} data-testid="point-out">
          {words().questions.pointOut}
        </button>
      )}
      {correction.step !== null && <Finder videoId={videoId} choices={choices} onSend={onSend} correction={correction} />}
    </>
  );
}

function Finder({ videoId, choices, onSend, correction }: Props & { correction: ReturnType<typeof useCorrection> }) {
  const video = useRef<HTMLVideoElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const { url, clip, isUnknown, show, renew } = useSeenClip(videoId);
  const [atS, setAtS] = useState(0);
  useEffect(() => stage.current?.scrollIntoView({ block: "nearest" }), [clip]);

  const { unplayable, preparing } = words().questions;
  if (isUnknown) return <Notice kind="error">{unplayable}</Notice>;
  if (url.state === "failed") return <Notice kind="error">{url.reason === words().videoUnplayable ? unplayable : url.reason}</Notice>;
  if (url.state === "preparing") {
    return (
      <Notice kind="info" testId="finder-preparing">
        {preparing(url.percent)}
      </Notice>
    );
  }
  const seek = (timeS: number) => {
    if (video.current !== null) video.current.currentTime = timeS;
    setAtS(timeS);
  };
  const { step } = correction;
  const picked = step?.at === "send" ? step.picked : null;
  const isUpright = clip === null || clip.height > clip.width;
  return (
    <div class={`player player-correcting ${isUpright ? "player-upright" : ""}`} data-testid="finder">
      <div class="stage-room">
        <div class="stage" ref={stage} data-testid="stage" style={{ "--ratio": clip === null ? "9 / 16" : `${clip.width} / ${clip.height}` }}>
          <video
            ref={video}
            class="stage-video"
            {...(url.state === "ready" ? { src: url.value } : {})}
            muted
            playsInline
            preload="auto"
            aria-label={words().climb}
            onLoadedData={({ currentTarget }) => show(currentTarget)}
            onError={() => renew(false)}
            data-testid="video"
          />
          {clip !== null && step?.at === "who" && <PickingLayer picture={clip} people={[]} atS={atS} correction={correction} />}
          {clip !== null && picked !== null && "outline" in picked && <PickedOutline picture={clip} box={picked.outline} />}
        </div>
      </div>
      <div class="player-controls">
        <div class="controls" data-step={step?.at}>
          {step?.at === "send" && <SendPanel correction={correction} picked={picked} choices={choices} onSend={onSend} note={words().questions.noteFinder} />}
          {clip !== null && step?.at === "who" && (
            <>
              <WhoPanel correction={correction} choices={choices} peopleCount={0} picture={clip} atS={atS} />
              <Moment durationS={clip.durationS} atS={atS} onSeek={seek} />
            </>
          )}
        </div>
      </div>
    </div>
  );
}

/** The clip, or a small copy where this browser cannot play it: places are told in pixels of the clip itself all the same. */
function useSeenClip(videoId: string) {
  const { url, isSmall, renew, played } = usePlaybackUrl(videoId);
  const [clip, setClip] = useState<(ClipSize & { durationS: number }) | null>(null);
  const [isUnknown, setUnknown] = useState(false);
  const show = ({ videoWidth, videoHeight, duration }: HTMLVideoElement) => {
    if (videoWidth === 0) {
      renew(true); // its sound alone
      return;
    }
    played();
    const seen = { width: videoWidth, height: videoHeight };
    const size = isSmall() ? sizeBehind(videoId, seen) : Promise.resolve(seen);
    size.then((known) => setClip({ ...known, durationS: duration })).catch(() => setUnknown(true));
  };
  return { url, clip, isUnknown, show, renew };
}

/** Of the clip of which a small copy is seen. Throws where the two do not look alike. */
async function sizeBehind(videoId: string, seen: ClipSize): Promise<ClipSize> {
  const { clipSize } = await import("./clip-size.ts");
  const size = await clipSize(videoId);
  if (Math.abs((size.width * seen.height) / (size.height * seen.width) - 1) > mostAskew) throw new Error("another shape");
  return size;
}

/** The way through a clip whose frames nobody has counted. */
function Moment({ durationS, atS, onSeek }: { durationS: number; atS: number; onSeek: (timeS: number) => void }) {
  return (
    <div class="scrub">
      <div class="scrub-coverage" />
      <input
        type="range"
        aria-label={words().position}
        aria-valuetext={formatClock(atS)}
        min={0}
        max={durationS}
        step={stepS}
        value={atS}
        onInput={(event) => onSeek(Number(event.currentTarget.value))}
        data-testid="scrub"
      />
      <p class="scrub-time">{formatClock(atS)}</p>
    </div>
  );
}

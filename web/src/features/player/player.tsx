import "./player.css";

import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { RetryIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { useStore } from "../../lib/use-store.ts";
import { AnglesTable } from "./angles-table.tsx";
import { Controls, LayerSwitches } from "./controls.tsx";
import type { Layers } from "./draw.ts";
import { usePlaybackUrl, useResult, videoExpired } from "./load.ts";
import { Overlay } from "./overlay.tsx";
import { PlayerKeys } from "./key-help.tsx";
import { followClock, followVideo, type Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { Summary, type Figures } from "./summary.tsx";

interface Props {
  analysisId: string;
  videoId: string;
  hasVideo: boolean;
  figures: Figures;
}

/** The climb with its skeleton: video below, overlay above, frame by frame. Both are fetched side by side. */
export function Player({ analysisId, videoId, hasVideo, figures }: Props) {
  const { result, again } = useResult(analysisId);
  if (result.state === "failed") return <Stopped kind="error" testId="result-failed" reason={result.reason} onRetry={again} />;
  const shown = { result: result.state === "ready" ? result.value : null, figures, trouble: result.state === "loading" ? result.trouble : null };
  return hasVideo ? <VideoPlayer videoId={videoId} {...shown} /> : <SkeletonPlayer {...shown} note={videoExpired} />;
}

interface Shown {
  /** null while it is on its way. */
  result: Result | null;
  figures: Figures;
  trouble: string | null;
}

function VideoPlayer({ videoId, result, figures, trouble }: Shown & { videoId: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const resumeAt = useRef<{ timeS: number; isPlaying: boolean } | null>(null);
  const [playback, setPlayback] = useState<Playback | null>(null);
  const { url, renew, played, again } = usePlaybackUrl(videoId);
  const hasFailed = url.state === "failed";

  useEffect(() => {
    if (video.current === null || result === null || hasFailed) return undefined;
    const following = followVideo(video.current, result.timesS);
    setPlayback(following);
    return () => {
      following.close();
      setPlayback(null);
    };
  }, [result, hasFailed]);
  useEffect(() => {
    // the same address again is no change to the element: ask it to try once more
    if (url.state === "ready" && video.current?.error != null) video.current.load();
  }, [url]);

  if (hasFailed) return <SkeletonPlayer result={result} figures={figures} trouble={trouble} note={url.reason} onRetry={again} />;
  const picture = (
    // no captions: the clip's sound is not played
    <video
      ref={video}
      class="stage-video"
      data-testid="video"
      {...(url.state === "ready" ? { src: url.value } : {})}
      muted
      playsInline
      preload="auto"
      aria-label="The climb"
      onLoadedData={(event) => {
        played();
        if (resumeAt.current === null) return;
        event.currentTarget.currentTime = resumeAt.current.timeS;
        if (resumeAt.current.isPlaying) void event.currentTarget.play().catch(() => undefined); // the button shows that it stands
        resumeAt.current = null;
      }}
      onError={(event) => {
        const { currentTime, paused } = event.currentTarget;
        resumeAt.current ??= { timeS: currentTime, isPlaying: !paused };
        renew();
      }}
    />
  );
  return <Stage result={result} figures={figures} trouble={trouble ?? (url.state === "loading" ? url.trouble : null)} playback={playback} picture={picture} />;
}

function SkeletonPlayer({ result, figures, trouble, note, onRetry }: Shown & { note: string; onRetry?: () => void }) {
  const [playback, setPlayback] = useState<Playback | null>(null);
  useEffect(() => {
    if (result === null) return undefined;
    const following = followClock(result.timesS);
    setPlayback(following);
    return following.close;
  }, [result]);
  return (
    <>
      <Stopped kind="info" testId="skeleton-alone" reason={note} onRetry={note === videoExpired ? undefined : onRetry} />
      <Stage result={result} figures={figures} trouble={trouble} playback={playback} picture={null} />
    </>
  );
}

/** What does not come, and a way to ask for it again where that may help. */
function Stopped({ kind, testId, reason, onRetry }: { kind: "error" | "info"; testId: string; reason: string; onRetry: (() => void) | undefined }) {
  return (
    <div class="player-stopped">
      <Notice kind={kind} testId={testId}>
        {reason}
      </Notice>
      {onRetry !== undefined && (
        <button type="button" class="button" onClick={onRetry} data-testid="again">
          <RetryIcon /> Try again
        </button>
      )}
    </div>
  );
}

/** A tap on the picture; the keyboard has the button and the space bar. */
function toggle(playback: Playback | null): void {
  if (playback?.playing.get() === true) playback.pause();
  else playback?.play();
}

interface StageProps extends Shown {
  playback: Playback | null;
  picture: ComponentChildren;
}

function Stage({ result, figures, trouble, playback, picture }: StageProps) {
  const [layers, setLayers] = useState<Layers>({ skeleton: true, path: true, angles: false });
  const switchLayer = useCallback((layer: keyof Layers) => setLayers((now) => ({ ...now, [layer]: !now[layer] })), []);
  const [width, height] = sizeOf(result, figures);
  const isReady = result !== null && playback !== null;
  return (
    <div class={`player ${height > width ? "player-upright" : ""}`} data-testid="player" aria-busy={!isReady}>
      <div class="stage" style={{ "--ratio": `${width} / ${height}` }} onPointerUp={(event) => event.button === 0 && toggle(playback)} data-testid="stage">
        {picture}
        {isReady && <Overlay result={result} playback={playback} layers={layers} />}
        {isReady ? <Unseen result={result} playback={playback} /> : <p class="stage-words">{trouble ?? "Fetching the skeleton …"}</p>}
        {isReady && trouble !== null && <p class="stage-words">{trouble}</p>}
      </div>
      <div class="player-controls">
        <div class="controls">{isReady && <Controls playback={playback} result={result} />}</div>
        <LayerSwitches layers={layers} onToggle={switchLayer} />
      </div>
      {isReady && (
        <div class="player-side">
          {result.facts.warnings.map((warning) => (
            <Notice key={warning.code} kind="info" quiet>
              {warning.detail}
            </Notice>
          ))}
          <AnglesTable result={result} playback={playback} />
          <Summary result={result} figures={figures} />
          <PlayerKeys playback={playback} result={result} onToggle={switchLayer} />
        </div>
      )}
    </div>
  );
}

/** Known before the result is here, so that nothing jumps when it comes; else as phones film. */
function sizeOf(result: Result | null, figures: Figures): [number, number] {
  if (result !== null) return [result.facts.video.width_px, result.facts.video.height_px];
  const [width, height] = [figures["width_px"], figures["height_px"]];
  return typeof width === "number" && typeof height === "number" && width > 0 && height > 0 ? [width, height] : [9, 16];
}

function Unseen({ result, playback }: { result: Result; playback: Playback }) {
  const isSeen = result.person[useStore(playback.frame)] === 1;
  return isSeen ? null : <p class="stage-words">No climber seen here</p>;
}

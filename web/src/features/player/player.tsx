import "./player.css";

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { AnglesTable } from "./angles-table.tsx";
import { Controls, LayerSwitches } from "./controls.tsx";
import type { Layers } from "./draw.ts";
import { usePlayerKeys } from "./keys.ts";
import { usePlaybackUrl, useResult, videoExpired } from "./load.ts";
import { Overlay } from "./overlay.tsx";
import { followClock, followVideo, type Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { Summary, type Figures } from "./summary.tsx";

interface Props {
  analysisId: string;
  videoId: string;
  hasVideo: boolean;
  figures: Figures;
}

/** The climb with its skeleton: video below, overlay above, frame by frame. */
export function Player({ analysisId, videoId, hasVideo, figures }: Props) {
  const result = useResult(analysisId);
  if (result.state === "loading") return <p aria-busy="true">Fetching the skeleton …</p>;
  if (result.state === "failed") return <Notice kind="error">{result.reason}</Notice>;
  return hasVideo ? (
    <VideoPlayer videoId={videoId} result={result.value} figures={figures} />
  ) : (
    <SkeletonPlayer result={result.value} figures={figures} note={videoExpired} />
  );
}

function VideoPlayer({ videoId, result, figures }: { videoId: string; result: Result; figures: Figures }) {
  const video = useRef<HTMLVideoElement>(null);
  const resumeAtS = useRef(0);
  const [playback, setPlayback] = useState<Playback | null>(null);
  const { url, renew } = usePlaybackUrl(videoId);

  useEffect(() => {
    if (video.current === null) return undefined;
    const following = followVideo(video.current, result.timesS);
    setPlayback(following);
    return following.close;
  }, [result]);

  if (url.state === "failed") return <SkeletonPlayer result={result} figures={figures} note={url.reason} />;
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
      onLoadedMetadata={(event) => {
        if (resumeAtS.current > 0) event.currentTarget.currentTime = resumeAtS.current;
      }}
      onError={(event) => {
        resumeAtS.current = event.currentTarget.currentTime;
        renew();
      }}
    />
  );
  return <Stage result={result} figures={figures} playback={playback} picture={picture} />;
}

function SkeletonPlayer({ result, figures, note }: { result: Result; figures: Figures; note: string }) {
  const [playback, setPlayback] = useState<Playback | null>(null);
  useEffect(() => {
    const following = followClock(result.timesS);
    setPlayback(following);
    return following.close;
  }, [result]);
  return (
    <>
      <Notice kind="info" testId="skeleton-alone">
        {note}
      </Notice>
      <Stage result={result} figures={figures} playback={playback} picture={null} />
    </>
  );
}

/** A tap on the picture; the keyboard has the button and the space bar. */
function toggle(playback: Playback | null): void {
  if (playback?.playing.get() === true) playback.pause();
  else playback?.play();
}

interface StageProps {
  result: Result;
  figures: Figures;
  playback: Playback | null;
  picture: preact.ComponentChild;
}

function Stage({ result, figures, playback, picture }: StageProps) {
  const [layers, setLayers] = useState<Layers>({ skeleton: true, path: true, angles: false });
  const switchLayer = useCallback((layer: keyof Layers) => setLayers((now) => ({ ...now, [layer]: !now[layer] })), []);
  const { width_px, height_px } = result.facts.video;
  return (
    <div class={`player ${height_px > width_px ? "player-upright" : ""}`} data-testid="player">
      <div class="stage" style={{ "--ratio": `${width_px} / ${height_px}` }} onPointerUp={(event) => event.button === 0 && toggle(playback)} data-testid="stage">
        {picture}
        {playback !== null && <Overlay result={result} playback={playback} layers={layers} />}
      </div>
      <div class="player-controls">
        {playback !== null && (
          <>
            <Controls playback={playback} result={result} />
            <PlayerKeys playback={playback} result={result} onToggle={switchLayer} />
          </>
        )}
        <LayerSwitches layers={layers} onToggle={switchLayer} />
      </div>
      <div class="player-side">
        {result.facts.warnings.map((warning) => (
          <Notice key={warning.code} kind="info">
            {warning.detail}
          </Notice>
        ))}
        {playback !== null && <AnglesTable result={result} playback={playback} />}
        <Summary result={result} figures={figures} />
        <KeyHelp />
      </div>
    </div>
  );
}

function PlayerKeys({ playback, result, onToggle }: { playback: Playback; result: Result; onToggle: (layer: keyof Layers) => void }) {
  usePlayerKeys(playback, result, onToggle);
  return null;
}

const keyWords: [string, string][] = [
  ["Space", "play or pause"],
  [", .", "one frame back or forward"],
  ["← →", "one second back or forward"],
  ["[ ]", "slower or faster"],
  ["S P A", "skeleton, path, angles"],
];

function KeyHelp() {
  return (
    <details class="facts player-keys">
      <summary>Keyboard</summary>
      <dl>
        {keyWords.map(([keys, words]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

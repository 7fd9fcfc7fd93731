import "./player.css";

import { useEffect, useRef, useState } from "preact/hooks";

import { RetryIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { usePlaybackUrl, useResult, videoExpired } from "./load.ts";
import { followClock, followVideo, type Playback } from "./playback.ts";
import { Stage, type Shown } from "./stage.tsx";
import type { Figures } from "./summary.tsx";

interface Props extends Pick<Shown, "choices" | "onCorrect"> {
  analysisId: string;
  /** Changes with every result that replaces another one. */
  revision: string | null;
  videoId: string;
  hasVideo: boolean;
  figures: Figures;
}

/** The climb with its skeleton: video below, overlay above, frame by frame. Both are fetched side by side. */
export function Player({ analysisId, revision, videoId, hasVideo, figures, choices, onCorrect }: Props) {
  const { result, again } = useResult(analysisId, revision);
  if (result.state === "failed") return <Stopped kind="error" testId="result-failed" reason={result.reason} onRetry={again} />;
  const shown = { analysisId, result: result.state === "ready" ? result.value : null, figures, choices, onCorrect, trouble: result.state === "loading" ? result.trouble : null };
  return hasVideo ? <VideoPlayer videoId={videoId} {...shown} /> : <SkeletonPlayer {...shown} note={videoExpired} />;
}

function VideoPlayer({ videoId, ...shown }: Shown & { videoId: string }) {
  const { result, trouble } = shown;
  const video = useRef<HTMLVideoElement>(null);
  const shownS = useRef(0);
  const resumeAt = useRef<{ timeS: number; isPlaying: boolean } | null>(null);
  const [playback, setPlayback] = useState<Playback | null>(null);
  const { url, renew, played, again } = usePlaybackUrl(videoId);
  const hasFailed = url.state === "failed";

  useEffect(() => {
    if (video.current === null || result === null || hasFailed) return undefined;
    const following = followVideo(video.current, result.timesS, shownS.current);
    setPlayback(following);
    return () => {
      shownS.current = following.mediaTimeS();
      following.close();
      setPlayback(null);
    };
  }, [result, hasFailed]);
  useEffect(() => {
    // the same address again is no change to the element: ask it to try once more
    if (url.state === "ready" && video.current?.error != null) video.current.load();
  }, [url]);

  if (hasFailed) return <SkeletonPlayer {...shown} note={url.reason} onRetry={again} />;
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
  return <Stage {...shown} trouble={trouble ?? (url.state === "loading" ? url.trouble : null)} playback={playback} picture={picture} />;
}

function SkeletonPlayer({ note, onRetry, ...shown }: Shown & { note: string; onRetry?: () => void }) {
  const { result } = shown;
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
      <Stage {...shown} playback={playback} picture={null} />
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

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { usePlaybackUrl } from "./load.ts";
import { followClock, followVideo, type ClipPlayback } from "./playback.ts";
import type { Result } from "./result.ts";
import { words } from "./words.ts";

export interface Clip {
  /** null until the result is here. */
  playback: ClipPlayback | null;
  /** The video element; null where the skeleton is alone. */
  picture: ComponentChildren;
  /** Why there is no video; null where there is one. */
  missing: string | null;
  /** Why the video takes longer than a moment. */
  trouble: string | null;
  /** Asks for the video anew; null where that cannot help. */
  again: (() => void) | null;
}

/**
 * The video of a result and what moves through its frames; a clock where there is no video. `videoId` null: there is no
 * video to be seen. `poster`: a picture of the climb, until the video has one.
 */
export function useClip(videoId: string | null, result: Result | null, label: string, poster: string | null = null): Clip {
  const video = useRef<HTMLVideoElement>(null);
  const shownS = useRef(0);
  const [playback, setPlayback] = useState<ClipPlayback | null>(null);
  const { url, renew, played, again } = usePlaybackUrl(videoId);
  const isMissing = url.state === "failed" || url.state === "preparing";

  // before anything is painted: the first picture has its skeleton
  useLayoutEffect(() => {
    if (result === null || (video.current === null && !isMissing)) return undefined;
    const following = video.current === null ? followClock(result.timesS) : followVideo(video.current, result.timesS, shownS.current);
    setPlayback(following);
    return () => {
      shownS.current = following.mediaTimeS();
      following.close();
      setPlayback(null);
    };
  }, [result, isMissing]);
  useEffect(() => {
    // the same address again is no change to the element: ask it to try once more
    if (url.state === "ready" && video.current?.error != null) video.current.load();
  }, [url]);

  if (isMissing) return { playback, picture: null, missing: url.reason, trouble: null, again: videoId === null || url.state === "preparing" || url.reason === words().videoExpired ? null : again };
  const picture = <ClipVideo element={video} url={url.state === "ready" ? url.value : null} poster={poster} label={label} onPlayed={played} onBroken={renew} />;
  return { playback, picture, missing: null, trouble: url.state === "loading" ? url.trouble : null, again: null };
}

interface VideoProps {
  element: { current: HTMLVideoElement | null };
  url: string | null;
  poster: string | null;
  label: string;
  onPlayed: () => void;
  /** It did not play; `isSoundAlone`: it does, without a picture. */
  onBroken: (isSoundAlone: boolean) => void;
}

/** Goes on where it was when a link has expired and the next one comes. */
function ClipVideo({ element, url, poster, label, onPlayed, onBroken }: VideoProps) {
  const [hasPicture, setHasPicture] = useState(false);
  const resumeAt = useRef<{ timeS: number; isPlaying: boolean } | null>(null);
  const giveUp = ({ currentTime, paused }: HTMLVideoElement, isSoundAlone: boolean) => {
    resumeAt.current ??= { timeS: currentTime, isPlaying: !paused };
    onBroken(isSoundAlone);
  };
  return (
    // no captions: the clip's sound is not played
    <video
      ref={element}
      class="stage-video"
      data-testid="video"
      crossOrigin="anonymous" // pictures of it can be saved
      {...(url === null ? {} : { src: url })}
      {...(poster === null || hasPicture ? {} : { poster })} // browsers show it until the video plays: the skeleton is of its first picture
      muted
      playsInline
      preload="auto"
      aria-label={label}
      onLoadedData={(event) => {
        const video = event.currentTarget;
        // where the form of the pictures is unknown and that of the sound is not, browsers play the sound and tell no error
        if (video.videoWidth === 0) {
          giveUp(video, true);
          return;
        }
        setHasPicture(true);
        onPlayed();
        if (resumeAt.current === null) return;
        video.currentTime = resumeAt.current.timeS;
        if (resumeAt.current.isPlaying) void video.play().catch(() => undefined); // the button shows that it stands
        resumeAt.current = null;
      }}
      onError={(event) => giveUp(event.currentTarget, false)}
    />
  );
}

import "./player.css";

import { useEffect, useRef } from "preact/hooks";

import { RetryIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { useClip } from "./clip.tsx";
import { frameAt } from "./frames.ts";
import { useResult } from "./load.ts";
import type { ClipPlayback } from "./playback.ts";
import type { Result } from "./result.ts";
import { Stage, type Shown } from "./stage.tsx";
import type { Figures } from "./summary.tsx";
import { words } from "./words.ts";

interface Props extends Pick<Shown, "name" | "choices" | "onCorrect" | "workbench" | "talk"> {
  analysisId: string;
  /** Changes with every result that replaces another one. */
  revision: string | null;
  /** Show what was read before corrections. */
  isOriginal: boolean;
  videoId: string;
  hasVideo: boolean;
  /** The address of a small picture of the climb, shown until the video has one. */
  poster?: string | null;
  figures: Figures;
  /** The result is drawn, or will not come. */
  onSettled?: (isSettled: true) => void;
}

/** The climb with its skeleton: video below, overlay above, frame by frame. Both are fetched side by side. */
export function Player({ analysisId, name, revision, isOriginal, videoId, hasVideo, poster = null, figures, choices, onCorrect, workbench, talk, onSettled }: Props) {
  const { result, again } = useResult(analysisId, revision, isOriginal);
  const known = result.state === "ready" ? result.value : null;
  const clip = useClip(hasVideo ? videoId : null, known, words().climb, poster);
  useBegin(known, clip.playback, talk?.beginAtS ?? null);
  const isSettled = result.state === "failed" || clip.playback !== null;
  useEffect(() => {
    if (isSettled) onSettled?.(true);
  }, [isSettled, onSettled]);
  if (result.state === "failed") return <Stopped kind="error" testId="result-failed" reason={result.reason} onRetry={again} />;
  const trouble = result.state === "loading" ? result.trouble : null;
  return (
    <>
      {clip.missing !== null && <Stopped kind="info" testId="skeleton-alone" reason={clip.missing} onRetry={clip.again ?? undefined} />}
      <Stage analysisId={analysisId} name={name} result={known} figures={figures} choices={choices} onCorrect={onCorrect} workbench={workbench} talk={talk} trouble={trouble ?? clip.trouble} playback={clip.playback} picture={clip.picture} />
    </>
  );
}

/** Once, as soon as there is something to show: the moment that one came for. */
function useBegin(result: Result | null, playback: ClipPlayback | null, atS: number | null): void {
  const isThere = useRef(false);
  useEffect(() => {
    if (result === null || playback === null || atS === null || isThere.current) return;
    isThere.current = true;
    playback.seek(frameAt(result.timesS, atS));
  }, [result, playback, atS]);
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
          <RetryIcon /> {words().again}
        </button>
      )}
    </div>
  );
}

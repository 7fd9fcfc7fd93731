import { useEffect, useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { announce } from "../../lib/announcement.ts";
import { recall, remember } from "../../lib/memory.ts";
import { hasTorch, setTorch } from "./camera.ts";
import { askForLevel, mayAskForLevel } from "./level.ts";
import { limits } from "./limits.gen.ts";
import type { Ending } from "./recorder.ts";
import type { Take } from "./takes.ts";
import { useCamera } from "./use-camera.ts";
import { useHints, useTilt } from "./use-hints.ts";
import { useRecording, type Phase } from "./use-recording.ts";
import { words } from "./words.ts";

const waitsS = [0, 3, 5, 10] as const;
const waitKey = "ascension.film.wait";
const warnedS = 60;
const levelDeg = 2;
/** Below it the room on the device is worth a word. */
const scarceS = 900;

interface Props {
  user: string;
  onTake: (take: Take | null, ending: Ending) => void;
}

/** The camera: what it sees, what to change, and the button. */
export function Viewfinder({ user, onTake }: Props) {
  const { camera, again } = useCamera();
  const [isRefused, setRefused] = useState(false);
  if (camera.state === "opening") return <p aria-busy="true">{words().openingCamera}</p>;
  const trouble = isRefused ? "no-storage" : camera.state === "failed" ? camera.trouble : null;
  if (camera.state === "live" && trouble === null) return <Live stream={camera.stream} roomS={camera.roomS} user={user} onTake={onTake} onRefused={() => setRefused(true)} />;
  return (
    <div class="film-trouble">
      <Notice kind="error" testId="camera-trouble">
        {words().troubles[trouble ?? "unknown"]}
      </Notice>
      <button
        type="button"
        class="button"
        onClick={() => {
          setRefused(false);
          again();
        }}
        data-testid="camera-again"
      >
        {words().again}
      </button>
    </div>
  );
}

interface LiveProps extends Props {
  stream: MediaStream;
  roomS: number;
  onRefused: () => void;
}

function Live({ stream, roomS, user, onTake, onRefused }: LiveProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [asked, setAsked] = useState(0);
  const [waitS, setWaitS] = useState(rememberedWait);
  const tilt = useTilt(asked);
  const hints = useHints(video, tilt);
  const { phase, start, stop } = useRecording({ stream, user, onTake, onRefused });
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream;
  }, [stream]);
  const hint = hints[0];
  const said = hint === undefined ? words().good : words().hints[hint];
  useEffect(() => announce(said), [said]);
  const choose = (seconds: number) => {
    remember(waitKey, seconds);
    setWaitS(seconds);
  };
  return (
    <section class="film" data-testid="viewfinder" data-phase={phase.name} data-hints={hints.join(" ")}>
      <div class="film-view">
        <video ref={video} class="film-video" autoPlay muted playsInline aria-label={words().view} data-testid="film-video" />
        {tilt !== null && <LevelLine tilt={tilt} />}
        {phase.name === "counting" && (
          <p class="film-count" data-testid="film-count">
            {phase.leftS}
          </p>
        )}
        <p class={`film-hint ${hint === undefined ? "" : "film-hint-change"}`} data-testid="film-hint">
          {said}
        </p>
      </div>
      <Clock phase={phase} />
      <div class="film-controls">
        {phase.name === "ready" && <Waits waitS={waitS} onChoose={choose} />}
        <Shutter phase={phase} onStart={() => start(waitS)} onStop={stop} />
        {phase.name === "ready" && (
          <div class="film-extras">
            {hasTorch(stream) && <Torch stream={stream} />}
            {tilt === null && mayAskForLevel() && (
              <button type="button" class="button" onClick={() => void askForLevel().then(() => setAsked(asked + 1))} data-testid="show-level">
                {words().showLevel}
              </button>
            )}
            {roomS < scarceS && <p>{words().roomFor(Math.floor(roomS / 60))}</p>}
          </div>
        )}
      </div>
    </section>
  );
}

function rememberedWait(): number {
  const stored = recall(waitKey);
  return waitsS.find((seconds) => seconds === stored) ?? 3;
}

function LevelLine({ tilt }: { tilt: number }) {
  const isLevel = Math.abs(tilt) <= levelDeg;
  return (
    <div class="film-level" data-testid="film-level" data-level={isLevel}>
      <span class="film-level-line" style={{ transform: `rotate(${tilt}deg)` }} />
      <span class="film-level-words">{isLevel ? words().level : words().tilted(Math.abs(tilt))}</span>
    </div>
  );
}

/** How long to wait: whoever films alone lays the phone down and goes to the wall. */
function Waits({ waitS, onChoose }: { waitS: number; onChoose: (seconds: number) => void }) {
  return (
    <fieldset class="film-waits">
      <legend>{words().countdown}</legend>
      {waitsS.map((seconds) => (
        <label key={seconds} class="film-wait">
          <input type="radio" name="film-wait" checked={seconds === waitS} onChange={() => onChoose(seconds)} data-testid={`film-wait-${seconds}`} />
          <span>{seconds === 0 ? words().atOnce : words().seconds(seconds)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Shutter({ phase, onStart, onStop }: { phase: Phase; onStart: () => void; onStop: () => void }) {
  if (phase.name === "ready" || phase.name === "starting") {
    return (
      <button type="button" class="film-shutter" disabled={phase.name === "starting"} onClick={onStart} data-testid="film-start">
        <span class="film-dot" />
        {words().start}
      </button>
    );
  }
  return (
    <button type="button" class="film-shutter film-shutter-stop" onClick={onStop} data-testid="film-stop">
      <span class="film-square" />
      {phase.name === "counting" ? words().stopCountdown : words().stop}
    </button>
  );
}

/** How long it has been filming, and how soon that ends by itself. */
function Clock({ phase }: { phase: Phase }) {
  const elapsedS = phase.name === "filming" ? Math.floor(phase.progress.elapsedS) : 0;
  const sizeBytes = phase.name === "filming" ? phase.progress.sizeBytes : 0;
  const bytesPerS = elapsedS > 5 ? sizeBytes / elapsedS : 0;
  const leftS = Math.floor(Math.min(limits.longestS - elapsedS, bytesPerS > 0 ? (limits.mostBytes - sizeBytes) / bytesPerS : Infinity));
  const isWarned = phase.name === "filming" && leftS <= warnedS;
  useEffect(() => {
    if (isWarned) announce(words().timeLeft(warnedS));
  }, [isWarned]);
  useEffect(() => {
    if (phase.name === "counting") announce(words().startsIn(phase.leftS));
  }, [phase]);
  if (phase.name !== "filming") return null;
  return (
    <p class="film-clock" data-testid="film-clock">
      <span class="film-dot" aria-hidden="true" /> {words().filming} <strong>{`${Math.floor(elapsedS / 60)}:${String(elapsedS % 60).padStart(2, "0")}`}</strong>
      {isWarned && <span class="film-warned">{words().timeLeft(Math.max(0, leftS))}</span>}
    </p>
  );
}

function Torch({ stream }: { stream: MediaStream }) {
  const [isOn, setOn] = useState(false);
  const turn = () => {
    setTorch(stream, !isOn)
      .then(() => setOn(!isOn))
      .catch(() => undefined); // the camera keeps it
  };
  return (
    <button type="button" class="button" aria-pressed={isOn} onClick={turn} data-testid="film-torch">
      {words().torch}
    </button>
  );
}

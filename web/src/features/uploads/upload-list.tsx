import "./upload-list.css";

import { PauseIcon, PlayIcon, RetryIcon, StopIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { focusHeading } from "../../lib/focus.ts";
import { formatBytes } from "../../lib/format.ts";
import { useStore } from "../../lib/use-store.ts";
import { discardUpload, goOnWithUpload, pauseUpload, percentOf, resumeUpload, uploads, type Upload } from "./uploads.ts";
import { words } from "./words.ts";

/** Clips on their way to the server, and those that stopped on it. */
export function UploadList() {
  const items = useStore(uploads);
  if (items.length === 0) return null;
  return (
    <ul class="upload-list" aria-label={words().uploads}>
      {items.map((upload) => (
        <UploadCard key={upload.fingerprint} upload={upload} />
      ))}
    </ul>
  );
}

function UploadCard({ upload }: { upload: Upload }) {
  const percent = percentOf(upload);
  const discard = () => {
    void discardUpload(upload.fingerprint);
    focusHeading({ preventScroll: true }); // the button goes with the card
  };
  const isRunning = upload.state === "sending" || upload.state === "pausing" || upload.state === "finishing" || upload.state === "waiting";
  const isBegun = isRunning || upload.state === "paused" || upload.state === "unfinished" || upload.state === "failed";
  return (
    <li class="upload-card" data-testid="upload" data-state={upload.state} data-percent={percent}>
      <div class="upload-card-words">
        <strong class="upload-card-name">{upload.fileName}</strong>
        <span>{words().states[upload.state]}</span>
      </div>
      {isBegun && (
        <>
          <ProgressBar label={words().uploadOf(upload.fileName)} percent={upload.state === "finishing" || upload.state === "waiting" ? null : percent} />
          <p class="upload-card-figures">
            <span>
              {words().sentOf(formatBytes(upload.sentBytes), formatBytes(upload.sizeBytes))}
              {upload.leftS !== null && ` · ${words().left(upload.leftS)}`}
            </span>
            <strong>{percent} %</strong>
          </p>
        </>
      )}
      {upload.reason !== null && (
        <Notice kind={isRunning ? "info" : "error"} quiet>
          {upload.reason}
        </Notice>
      )}
      {upload.state === "pausing" && <p>{words().pausing}</p>}
      {upload.state === "unfinished" && !upload.hasFile && <p>{words().resume}</p>}
      {upload.state !== "elsewhere" && (
        <div class="upload-card-actions">
          <UploadActions upload={upload} />
          <button type="button" class="button button-quiet" aria-label={isRunning ? words().cancelOf(upload.fileName) : words().discardOf(upload.fileName)} onClick={discard} data-testid="upload-discard">
            <StopIcon /> {isRunning ? words().cancel : words().discard}
          </button>
        </div>
      )}
    </li>
  );
}

function UploadActions({ upload }: { upload: Upload }) {
  const { fingerprint, fileName, hasFile, state } = upload;
  if (state === "sending" || state === "waiting" || state === "pausing") {
    const { pause, pauseOf, stopNow, stopNowOf } = words();
    const isPausing = state === "pausing";
    return (
      <button type="button" class="button button-quiet" aria-label={(isPausing ? stopNowOf : pauseOf)(fileName)} onClick={() => pauseUpload(fingerprint)} data-testid="upload-pause">
        <PauseIcon /> {isPausing ? stopNow : pause}
      </button>
    );
  }
  if (hasFile && state === "failed") {
    return (
      <button type="button" class="button" onClick={() => goOnWithUpload(fingerprint)} data-testid="upload-retry">
        <RetryIcon /> {words().again}
      </button>
    );
  }
  if (hasFile && (state === "paused" || state === "unfinished")) {
    return (
      <button type="button" class="button" aria-label={words().goOnOf(fileName)} onClick={() => goOnWithUpload(fingerprint)} data-testid="upload-go-on">
        <PlayIcon /> {words().goOn}
      </button>
    );
  }
  return state === "unfinished" || state === "failed" ? <ChooseAgain fingerprint={fingerprint} /> : null;
}

/** Where this browser kept no copy. */
function ChooseAgain({ fingerprint }: { fingerprint: string }) {
  const take = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    for (const file of input.files ?? []) void resumeUpload(fingerprint, file);
    input.value = "";
  };
  return (
    <label class="button">
      <input class="visually-hidden" type="file" accept="video/*" onChange={take} data-testid="upload-resume" />
      {words().resumeChoose}
    </label>
  );
}

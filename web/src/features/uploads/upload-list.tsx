import "./upload-list.css";

import { RetryIcon, StopIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { focusHeading } from "../../lib/focus.ts";
import { formatBytes } from "../../lib/format.ts";
import { useStore } from "../../lib/use-store.ts";
import { discardUpload, retryUpload, startUpload, uploads, type Upload } from "./uploads.ts";
import { percentOf, words } from "./words.ts";

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
  const isRunning = upload.state === "sending" || upload.state === "finishing" || upload.state === "waiting";
  return (
    <li class="upload-card" data-testid="upload" data-state={upload.state} data-percent={percent}>
      <div class="upload-card-words">
        <strong class="upload-card-name">{upload.fileName}</strong>
        <span>{words().states[upload.state]}</span>
      </div>
      {isRunning && (
        <>
          <ProgressBar label={words().uploadOf(upload.fileName)} percent={upload.state === "sending" ? percent : null} />
          <p class="upload-card-figures">
            {words().sentOf(formatBytes(upload.sentBytes), formatBytes(upload.sizeBytes))}
            <strong>{percent} %</strong>
          </p>
        </>
      )}
      {upload.reason !== null && (
        <Notice kind={isRunning ? "info" : "error"} quiet>
          {upload.reason}
        </Notice>
      )}
      {upload.state === "unfinished" && <p>{words().resume}</p>}
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
  if (upload.state === "failed") {
    return (
      <button type="button" class="button" onClick={() => retryUpload(upload.fingerprint)} data-testid="upload-retry">
        <RetryIcon /> {words().again}
      </button>
    );
  }
  if (upload.state !== "unfinished") return null;
  const take = (event: Event) => {
    for (const file of (event.currentTarget as HTMLInputElement).files ?? []) startUpload(file);
  };
  return (
    <label class="button">
      <input class="visually-hidden" type="file" accept="video/*" onChange={take} data-testid="upload-resume" />
      {words().resumeChoose}
    </label>
  );
}

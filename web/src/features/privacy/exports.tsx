import { useEffect, useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { formatBytes, formatDay, formatWhen } from "../../lib/format.ts";
import { PasswordGate } from "../account/password-gate.tsx";
import { hasPasskey } from "../account/requests.ts";
import { askForArchive, fetchArchive, loadArchives, removeArchive, type Archive } from "./requests.ts";
import { words } from "./words.ts";

const lookEveryMs = 1500;
const isUnderWay = (one: Archive) => one.state === "waiting" || one.state === "making";

/** Archives of everything: asked for, watched while they are made, fetched, removed. */
export function Exports() {
  const { archives, trouble, reload } = useArchives();
  const [isAsking, setAsking] = useState<{ passkey: boolean } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const say = words();
  const take = (step: Promise<void>) => {
    setError(null);
    step.then(reload).catch((cause: unknown) => setError(asRequestError(cause).message));
  };
  const begin = () => take(hasPasskey().then((passkey) => setAsking({ passkey })));
  const told = error ?? trouble;
  return (
    <>
      <h3>{say.archives}</h3>
      <p>{say.archivesText}</p>
      {told !== null && (
        <Notice kind="error" testId="exports-error">
          {told}
        </Notice>
      )}
      <ul class="archives" data-testid="exports">
        {archives.map((one) => (
          <ArchiveRow key={one.id} archive={one} onFetch={() => take(fetchArchive(one.id))} onRemove={() => take(removeArchive(one.id))} />
        ))}
      </ul>
      {isAsking !== null ? (
        <PasswordGate
          label={say.askArchive}
          hasPasskey={isAsking.passkey}
          onCancel={() => setAsking(null)}
          onShown={async (password) => {
            await askForArchive(password);
            setAsking(null);
            reload();
          }}
        />
      ) : (
        <button type="button" class="button" disabled={archives.some(isUnderWay)} onClick={begin} data-testid="export-ask">
          {say.askArchive}
        </button>
      )}
    </>
  );
}

/** Looked at again as long as one is being made. */
function useArchives() {
  const [archives, setArchives] = useState<Archive[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    loadArchives(leaving.signal)
      .then((found) => {
        setArchives(found);
        setTrouble(null);
        if (found.some(isUnderWay)) timer = setTimeout(() => setRound((last) => last + 1), lookEveryMs);
      })
      .catch((cause: unknown) => {
        if (!leaving.signal.aborted) setTrouble(asRequestError(cause).message);
      });
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [round]);
  return { archives, trouble, reload: () => setRound((last) => last + 1) };
}

function ArchiveRow({ archive, onFetch, onRemove }: { archive: Archive; onFetch: () => void; onRemove: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const say = words();
  const asked = formatWhen(archive.asked_at);
  return (
    <li data-state={archive.state}>
      <span>
        <strong>{say.archiveOf(asked)}</strong>
        <Standing archive={archive} />
      </span>
      {archive.state === "ready" && (
        <button type="button" class="button button-primary" onClick={onFetch} aria-label={say.fetchNamed(asked)} data-testid="export-fetch">
          {say.fetch}
        </button>
      )}
      <button type="button" class="button button-quiet" onClick={() => setAsking(true)} data-testid="export-remove">
        {isUnderWay(archive) ? say.stop : say.remove}
      </button>
      {isAsking && (
        <ConfirmDialog title={say.removeTitle} confirmLabel={isUnderWay(archive) ? say.stop : say.remove} onConfirm={onRemove} onClose={() => setAsking(false)}>
          {say.removeText}
        </ConfirmDialog>
      )}
    </li>
  );
}

function Standing({ archive }: { archive: Archive }) {
  const say = words();
  if (archive.state === "failed") return <span class="document-soft">{say.failed}</span>;
  if (isUnderWay(archive)) {
    return (
      <>
        <span class="document-soft">{say.making(archive.progress_pct)}</span>
        <ProgressBar label={say.making(archive.progress_pct)} percent={archive.state === "waiting" ? null : archive.progress_pct} />
      </>
    );
  }
  return <span class="document-soft">{say.ready(formatBytes(archive.size_bytes ?? 0), archive.expires_at === null ? "" : formatDay(archive.expires_at))}</span>;
}

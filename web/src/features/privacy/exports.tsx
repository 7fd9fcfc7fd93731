import "../../components/list.css";

import { useEffect, useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { formatBytes, formatDay, formatWhen } from "../../lib/format.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { useStep } from "../../lib/use-step.ts";
import { PasswordGate } from "../account/password-gate.tsx";
import { hasPasskey } from "../account/requests.ts";
import { askForArchive, fetchArchive, loadArchives, removeArchive, type Archive } from "./requests.ts";
import { words } from "./words.ts";

const lookEveryMs = 1500;
const isUnderWay = (one: Archive) => one.state === "waiting" || one.state === "making";

/** Archives of everything: asked for, watched while they are made, fetched, removed. */
export function Exports() {
  const { archives, reason, reload } = useArchives();
  const [isAsking, setAsking] = useState<{ passkey: boolean } | null>(null);
  const { error, take } = useStep();
  const say = words();
  const change = (step: () => Promise<void>) =>
    take(async () => {
      await step();
      reload();
    });
  const begin = () => take(async () => setAsking({ passkey: await hasPasskey() }));
  const told = error ?? reason;
  return (
    <>
      <h3>{say.archives}</h3>
      <p>{say.archivesText}</p>
      {told !== null && (
        <Notice kind="error" testId="exports-error">
          {told}
        </Notice>
      )}
      {archives?.length === 0 && (
        <p class="document-soft" data-testid="exports-empty">
          {say.noArchives}
        </p>
      )}
      <ul class="row-list" data-testid="exports">
        {(archives ?? []).map((one) => (
          <ArchiveRow key={one.id} archive={one} onFetch={() => change(() => fetchArchive(one.id))} onRemove={() => change(() => removeArchive(one.id))} />
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
        <button type="button" class="button" disabled={archives?.some(isUnderWay) === true} onClick={begin} data-testid="export-ask">
          {say.askArchive}
        </button>
      )}
    </>
  );
}

/** Looked at again as long as one is being made. */
function useArchives() {
  const { value, reason, reload } = useLoaded(loadArchives);
  useEffect(() => {
    if (value?.some(isUnderWay) !== true) return undefined;
    const timer = setTimeout(reload, lookEveryMs);
    return () => clearTimeout(timer);
  }, [value, reload]);
  return { archives: value, reason, reload };
}

function ArchiveRow({ archive, onFetch, onRemove }: { archive: Archive; onFetch: () => void; onRemove: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const say = words();
  const asked = formatWhen(archive.asked_at);
  return (
    <li data-state={archive.state}>
      <span class="archive-facts">
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

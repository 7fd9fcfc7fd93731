import "./sharing.css";

import { useCallback, useId, useLayoutEffect, useRef, useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { ShareIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { formatClockTime, formatWhen } from "../../lib/format.ts";
import { showToast } from "../../lib/toast.ts";
import { useStep } from "../../lib/use-step.ts";
import { CopyLink } from "./copy-link.tsx";
import { copyAgain, endShare, endShares, linkOf, loadShares, makeShare, type Share, type ShareWish } from "./requests.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { useWhileCopied } from "./use-while-copied.ts";
import { words } from "./words.ts";

/** The button that opens the dialog. */
export function ShareButton({ analysisId }: { analysisId: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="button button-quiet" onClick={() => setOpen(true)} data-testid="share">
        <ShareIcon /> <span>{words().share}</span>
      </button>
      {isOpen && <ShareDialog analysisId={analysisId} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Who may see this climb by a link, and for how long. */
function ShareDialog({ analysisId, onClose }: { analysisId: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const { value, reason, reload } = useLoaded(useCallback((signal) => loadShares(analysisId, signal), [analysisId]));
  const { shareTitle, shareText, private: isPrivate, links, loading, close } = words();
  useWhileCopied(value?.some((share) => share.with_video && share.video === "under_way") === true, reload);
  useLayoutEffect(() => dialog.current?.showModal(), []); // before the next key press, not after the next paint
  return (
    <dialog class="confirm-dialog share-dialog" ref={dialog} aria-labelledby={titleId} onClose={onClose} data-testid="share-dialog">
      <h2 id={titleId}>{shareTitle}</h2>
      <p>{shareText}</p>
      {reason !== null && <Notice kind="error">{reason}</Notice>}
      {value === null && reason === null && <p aria-busy="true">{loading}</p>}
      {value !== null && value.length === 0 && <p data-testid="is-private">{isPrivate}</p>}
      <ShareForm analysisId={analysisId} onMade={reload} />
      {value !== null && value.length > 0 && (
        <section class="share-links" aria-label={links}>
          <h3>{links}</h3>
          <ShareList analysisId={analysisId} shares={value} onChange={reload} />
        </section>
      )}
      <div class="confirm-dialog-actions">
        <button type="button" class="button" onClick={() => dialog.current?.close()} data-testid="share-close">
          {close}
        </button>
      </div>
    </dialog>
  );
}

const dayChoices = [1, 7, 30, 90] as const;
const onlyTheSkeleton = { with_video: false, is_blurred: false, with_name: false, with_comments: false };

function ShareForm({ analysisId, onMade }: { analysisId: string; onMade: () => void }) {
  const [isLocked, setLocked] = useState(false);
  const [shown, setShown] = useState(onlyTheSkeleton);
  const { isBusy, error, take } = useStep();
  const [days, setDays] = useState<(typeof dayChoices)[number]>(30);
  const daysId = useId();
  const say = words();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget as HTMLFormElement).get("password");
    const wish: ShareWish = {
      ...shown,
      days,
      is_blurred: shown.with_video && shown.is_blurred,
      ...(typeof password === "string" && password !== "" ? { password } : {}),
    };
    take(async () => {
      await makeShare(analysisId, wish);
      setShown(onlyTheSkeleton); // how long it holds stays as it was chosen
      setLocked(false);
      onMade();
    });
  };
  const tick = (name: keyof typeof shown) => ({ checked: shown[name], onTick: (isTicked: boolean) => setShown((last) => ({ ...last, [name]: isTicked })) });
  return (
    <form class="share-form" onSubmit={submit}>
      <div class="field">
        <label for={daysId}>{say.days}</label>
        <select id={daysId} value={days} onChange={(event) => setDays(Number(event.currentTarget.value) as typeof days)} data-testid="share-days">
          {dayChoices.map((choice) => (
            <option key={choice} value={choice}>
              {say.dayChoices[choice]}
            </option>
          ))}
        </select>
      </div>
      <Tick label={say.withVideo} {...tick("with_video")} testId="share-video" />
      {shown.with_video && <p class="field-hint">{say.filmedHint}</p>}
      {shown.with_video && <Tick label={say.blurred} {...tick("is_blurred")} testId="share-blurred" />}
      <Tick label={say.withName} {...tick("with_name")} testId="share-name" />
      <Tick label={say.withComments} {...tick("with_comments")} testId="share-comments" />
      <Tick label={say.withPassword} checked={isLocked} onTick={setLocked} testId="share-locked" />
      {isLocked && (
        <div class="field">
          <label for={`${daysId}-password`}>
            {say.password} <span class="field-hint">{say.passwordHint}</span>
          </label>
          <input id={`${daysId}-password`} name="password" type="text" autocomplete="off" minLength={6} maxLength={128} required data-testid="share-password" />
        </div>
      )}
      {error !== null && <Notice kind="error">{error}</Notice>}
      <button type="submit" class="button button-primary" disabled={isBusy} data-testid="share-make">
        {isBusy ? say.making : say.make}
      </button>
    </form>
  );
}

interface TickProps {
  label: string;
  testId: string;
  checked: boolean;
  onTick: (isTicked: boolean) => void;
}

function Tick({ label, testId, checked, onTick }: TickProps) {
  return (
    <label class="share-tick">
      <input type="checkbox" checked={checked} onChange={(event) => onTick(event.currentTarget.checked)} data-testid={testId} /> {label}
    </label>
  );
}

function ShareList({ analysisId, shares, onChange }: { analysisId: string; shares: readonly Share[]; onChange: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const { isBusy, error, take } = useStep();
  const say = words();
  const end = (step: () => Promise<void>, told: string) =>
    take(async () => {
      await step();
      showToast(told);
      onChange();
    });
  const again = (shareId: string) =>
    take(async () => {
      await copyAgain(shareId);
      onChange();
    });
  return (
    <>
      {error !== null && <Notice kind="error">{error}</Notice>}
      <ul data-testid="shares">
        {shares.map((share) => (
          <li key={share.id}>
            {share.token === null ? <p>{say.noToken}</p> : <CopyLink link={linkOf("shared", share.token)} title={say.shareTitle} />}
            <p class="share-facts">{factsOf(share)}</p>
            {share.with_video && share.video !== "shown" && (
              <p class="share-facts" data-testid="share-copy" data-state={share.video}>
                {say.copyStates[share.video]}
              </p>
            )}
            {share.with_video && share.video === "failed" && (
              <button type="button" class="button" disabled={isBusy} onClick={() => again(share.id)} data-testid="share-copy-again">
                {say.copyAgain}
              </button>
            )}
            <button type="button" class="button" disabled={isBusy} aria-label={say.endNamed(formatWhen(share.created_at))} onClick={() => end(() => endShare(share.id), say.ended)} data-testid="share-end">
              {say.end}
            </button>
          </li>
        ))}
      </ul>
      {shares.length > 1 && (
        <button type="button" class="button button-quiet" disabled={isBusy} onClick={() => setAsking(true)} data-testid="share-end-all">
          {say.endAll}
        </button>
      )}
      {isAsking && (
        <ConfirmDialog title={say.endAllTitle} confirmLabel={say.endAll} keepLabel={say.keep} onConfirm={() => end(() => endShares(analysisId), say.madePrivate)} onClose={() => setAsking(false)}>
          {say.endAllText}
        </ConfirmDialog>
      )}
    </>
  );
}

/** "until 22 Dec, 18:30 · opened 3 times, last 2 hours ago · password" */
function factsOf(share: Share): string {
  const { until, views, lastOpened, locked, filmed, filmedBlurred, named, talked } = words();
  const seen = share.opened_at === null ? views(share.views) : `${views(share.views)}, ${lastOpened(formatWhen(share.opened_at))}`;
  return [
    until(formatClockTime(share.expires_at)),
    seen,
    ...(share.with_video ? [share.is_blurred ? filmedBlurred : filmed] : []),
    ...(share.has_password ? [locked] : []),
    ...(share.with_name ? [named] : []),
    ...(share.with_comments ? [talked] : []),
  ].join(" · ");
}

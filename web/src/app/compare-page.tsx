import "./climb-page.css";

import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { ConfirmDialog } from "../components/confirm-dialog.tsx";
import { ErrorBoundary } from "../components/error-boundary.tsx";
import { BackIcon, TrashIcon } from "../components/icons.tsx";
import { Notice } from "../components/notice.tsx";
import { namesOf } from "../features/compare/chooser.tsx";
import { chooserOf, homeOf, type Comparison } from "../features/compare/comparison.ts";
import { ComparisonBody } from "../features/compare/comparison-body.tsx";
import { deleteComparison, useComparison } from "../features/compare/requests.ts";
import { words } from "../features/compare/words.ts";
import { announce } from "../lib/announcement.ts";
import { asRequestError } from "../lib/errors.ts";
import { PageHeading } from "./page-heading.tsx";

/** Two attempts beside each other, at an address of their own. */
export function ComparePage({ id }: { id: string }) {
  const { comparison, put } = useComparison(id);
  const [error, setError] = useState<string | null>(null);
  const known = comparison.state === "ready" ? comparison.value : null;
  const title = titleOf(known);
  const trouble = comparison.state === "failed" ? comparison.reason : comparison.state === "loading" ? comparison.trouble : null;
  return (
    <main class="page climb-page">
      <div class="climb-page-head">
        <Link href={known === null ? "/" : homeOf(known)} class="button button-quiet button-icon" aria-label={words().back}>
          <BackIcon />
        </Link>
        <div class="climb-page-name">
          <PageHeading title={title} />
          <p class="climb-page-when">{known === null ? "\u00a0" : namesOf(known)}</p>
        </div>
        {known !== null && <DeleteButton comparison={known} onError={setError} />}
      </div>
      {(error ?? trouble) !== null && <Notice kind="error">{error ?? trouble}</Notice>}
      {comparison.state === "failed" && (
        <Link href="/" class="button">
          {words().toClimbs}
        </Link>
      )}
      {comparison.state === "loading" && <p aria-busy="true">{words().loading}</p>}
      {known !== null && (
        <ErrorBoundary>
          <ComparisonBody comparison={known} onChange={put} />
        </ErrorBoundary>
      )}
    </main>
  );
}

/** The route's name where both bear it. */
function titleOf(known: Comparison | null): string {
  const route = known?.first.route ?? null;
  return route !== null && route === known?.second.route ? route : words().title;
}

function DeleteButton({ comparison, onError }: { comparison: Comparison; onError: (reason: string | null) => void }) {
  const [isAsking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  const remove = async () => {
    onError(null);
    try {
      await deleteComparison(comparison.id);
      announce(words().deleted);
      navigate(chooserOf(comparison), { replace: true }); // its page is gone
    } catch (cause) {
      onError(asRequestError(cause).message);
    }
  };
  return (
    <>
      <button type="button" class="button button-quiet button-icon button-danger" aria-label={words().delete} onClick={() => setAsking(true)} data-testid="delete">
        <TrashIcon />
      </button>
      {isAsking && (
        <ConfirmDialog title={words().deleteAsk} confirmLabel={words().deleteDo} onConfirm={() => void remove()} onClose={() => setAsking(false)}>
          {words().deleteWhat}
        </ConfirmDialog>
      )}
    </>
  );
}

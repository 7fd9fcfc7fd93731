import "../features/account/account.css";
import "./climb-page.css";

import { useCallback, useState } from "preact/hooks";
import { Link, useSearch } from "wouter-preact";

import { BackIcon, CompareIcon } from "../components/icons.tsx";
import { Notice } from "../components/notice.tsx";
import { analyses } from "../features/analyses/analyses.ts";
import { useFirstPage } from "../features/analyses/use-analysis.ts";
import { words as climbWords } from "../features/analyses/words.ts";
import { coachedClimb, ownClimb, sharedClimb } from "../features/compare/candidates.ts";
import { Chooser } from "../features/compare/chooser.tsx";
import { words as compareWords } from "../features/compare/words.ts";
import { AcceptInvitation, Climbers, ClimbsOf } from "../features/sharing/climbers.tsx";
import { loadAllClimbs, loadShared } from "../features/sharing/requests.ts";
import { SharedClimb } from "../features/sharing/shared-climb.tsx";
import { words } from "../features/sharing/words.ts";
import { api } from "../lib/api.ts";
import { useInvitation } from "../lib/invitation.ts";
import { session } from "../lib/session.ts";
import { useLoaded } from "../lib/use-loaded.ts";
import { useStore } from "../lib/use-store.ts";
import { PageHeading } from "./page-heading.tsx";

/** Whom one coaches. */
export function ClimbersPage() {
  return (
    <main class="page">
      <PageHeading title={words().climbers} />
      <Climbers />
    </main>
  );
}

/** What one of them climbed. */
export function ClimberClimbsPage({ id }: { id: string }) {
  const [name, setName] = useState<string | null>(null);
  return (
    <main class="page">
      <div class="climb-page-head">
        <Back href="/climbers" label={words().back} />
        <PageHeading title={name ?? words().climbers} />
      </div>
      <ClimbsOf id={id} onName={useCallback((found: string) => setName(found), [])} />
    </main>
  );
}

/** One of these climbs, at the moment that the address names. */
export function CoachedClimbPage({ id, analysisId }: { id: string; analysisId: string }) {
  const at = Number.parseFloat(new URLSearchParams(useSearch()).get("at") ?? "");
  const compare = (
    <Link href={`/climbers/${id}/climbs/${analysisId}/compare`} class="button button-quiet" data-testid="compare">
      <CompareIcon /> <span>{climbWords().compare}</span>
    </Link>
  );
  return <SharedClimb analysisId={analysisId} client={api} gone={<GonePage />} back={<Back href={`/climbers/${id}`} label={words().backToClimber} />} actions={compare} beginAtS={Number.isFinite(at) ? at : null} />;
}

/** With which other climb that one sees shall this one be compared? */
export function CoachedChoosePage({ id, analysisId }: { id: string; analysisId: string }) {
  const shared = useLoaded(useCallback((signal: AbortSignal) => loadShared(api, analysisId, signal), [analysisId]));
  const coached = useLoaded(loadAllClimbs);
  const { items, loaded } = useStore(analyses);
  useFirstPage();
  const reason = shared.reason ?? coached.reason;
  const seen = coached.value?.map(([climb, climber]) => coachedClimb(climb, climber)) ?? [];
  const climb = seen.find((one) => one.id === analysisId) ?? (shared.value === null ? undefined : sharedClimb(shared.value));
  if (shared.error?.status === 404) return <GonePage />;
  return (
    <main class="page climb-page">
      <div class="climb-page-head">
        <Back href={`/climbers/${id}/climbs/${analysisId}`} label={compareWords().back} />
        <div class="climb-page-name">
          <PageHeading title={compareWords().choose.title} />
          <p class="climb-page-when">{climb?.name ?? "\u00a0"}</p>
        </div>
      </div>
      {reason !== null && <Notice kind="error">{reason}</Notice>}
      {climb !== undefined && coached.value !== null && loaded && <Chooser climb={climb} climbs={[...seen, ...items.map(ownClimb)]} onMore={null} />}
    </main>
  );
}

/** Where an invitation leads. */
export function CoachPage() {
  const token = useInvitation();
  const current = useStore(session);
  const [name, setName] = useState<string | null>(null);
  const { coachTitle, coachAsked, linkBroken } = words();
  const email = current.state === "in" ? current.user.email : "";
  return (
    <main class="page">
      <PageHeading title={name === null ? coachTitle : coachAsked(name)} />
      {token === "" ? <p>{linkBroken}</p> : <AcceptInvitation token={token} email={email} onClimber={setName} />}
    </main>
  );
}

function Back({ href, label }: { href: string; label: string }) {
  return (
    <Link href={href} class="button button-quiet button-icon" aria-label={label}>
      <BackIcon />
    </Link>
  );
}

function GonePage() {
  const { notFound, notFoundText, climbers } = words();
  return (
    <main class="page" data-testid="gone">
      <PageHeading title={notFound} />
      <p>{notFoundText}</p>
      <Link class="button" href="/climbers">
        {climbers}
      </Link>
    </main>
  );
}

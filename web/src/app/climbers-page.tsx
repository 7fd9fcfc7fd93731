import "../features/account/account.css";

import { useCallback, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { BackIcon } from "../components/icons.tsx";
import { useLinkToken } from "../features/letters/pages.tsx";
import { AcceptInvitation, Climbers, ClimbsOf } from "../features/sharing/climbers.tsx";
import { SharedClimb } from "../features/sharing/shared-climb.tsx";
import { words } from "../features/sharing/words.ts";
import { api } from "../lib/api.ts";
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

/** One of these climbs. */
export function CoachedClimbPage({ id, analysisId }: { id: string; analysisId: string }) {
  return <SharedClimb analysisId={analysisId} client={api} gone={<GonePage />} back={<Back href={`/climbers/${id}`} label={words().backToClimber} />} />;
}

/** Where an invitation leads. */
export function CoachPage() {
  const token = useLinkToken();
  return (
    <main class="page">
      <PageHeading title={words().coachTitle} />
      <AcceptInvitation token={token} />
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

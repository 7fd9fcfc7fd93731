import { Fragment, type ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Link, Route, Switch, useLocation } from "wouter-preact";

import { ErrorBoundary } from "../components/error-boundary.tsx";
import { LogoMark } from "../components/logo.tsx";
import { Notice } from "../components/notice.tsx";
import { ToastPlace } from "../components/toast.tsx";
import { AccountForm } from "../features/accounts/account-form.tsx";
import { StartPage } from "../features/accounts/start-page.tsx";
import { forgetAnalyses, putAnalysis } from "../features/analyses/analyses.ts";
import { follow } from "../features/analyses/live.ts";
import { words } from "../features/analyses/words.ts";
import { letterPage, useLinkToken } from "../features/letters/pages.tsx";
import { GuestPage } from "../features/sharing/guest-page.tsx";
import { ConsentAsk } from "../features/privacy/consent-ask.tsx";
import { DocumentPage } from "../features/privacy/document-page.tsx";
import { GuardianPage } from "../features/privacy/guardian-page.tsx";
import { closeUploads, isSending, openUploads } from "../features/uploads/uploads.ts";
import { language } from "../lib/language.ts";
import { session } from "../lib/session.ts";
import { useStore } from "../lib/use-store.ts";
import { AccountPage } from "./account-page.tsx";
import { ChoosePage } from "./choose-page.tsx";
import { ClimbPage } from "./climb-page.tsx";
import { ClimberClimbsPage, ClimbersPage, CoachedChoosePage, CoachedClimbPage, CoachPage } from "./climbers-page.tsx";
import { ClimberPage } from "./climber-page.tsx";
import { ComparePage } from "./compare-page.tsx";
import { HomePage } from "./home-page.tsx";
import { OperatorPage } from "./operator-page.tsx";
import { PageHeading } from "./page-heading.tsx";
import { ProgressPage } from "./progress-page.tsx";
import { Shell } from "./shell.tsx";

const climbPath = /^\/climbs\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/;
const climberPath = /^\/climbers\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/;
const coachedPath = /^\/climbers\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/climbs\/(?<climb>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/;
const coachedChoosePath = /^\/climbers\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/climbs\/(?<climb>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/compare\/?$/;
const choosePath = /^\/climbs\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/compare\/?$/;
const comparePath = /^\/compare\/(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/;

export function App() {
  const current = useStore(session);
  const spoken = useStore(language);
  useLayoutEffect(() => {
    document.documentElement.lang = spoken;
  }, [spoken]);
  const userId = current.state === "in" ? current.user.id : null;
  const wasOut = useRef(false);
  if (current.state === "out") wasOut.current = true;

  useEffect(() => {
    if (userId === null) return undefined;
    openUploads(userId, putAnalysis);
    const unfollow = follow();
    window.addEventListener("beforeunload", warnWhileSending);
    return () => {
      window.removeEventListener("beforeunload", warnWhileSending);
      unfollow();
      const now = session.get();
      closeUploads(now.state === "out" && now.reason === null);
      forgetAnalyses();
    };
  }, [userId]);

  const [path] = useLocation();
  const letter = letterPage(path);

  if (path === "/shared") return <GuestPage key={spoken} />;
  const open = openPage(path);
  if (open !== null) return <Fragment key={spoken}>{open}</Fragment>;
  if (letter !== null) return <Outside key={`${spoken}${path}`}>{letter}</Outside>;
  if (current.state === "starting") return <Splash trouble={current.trouble} />;
  if (current.state === "out") {
    return <Outside key={spoken}>{path === "/invited" ? <Invited /> : <AccountForm reason={current.reason} />}</Outside>;
  }
  // drawn anew with another language: words are looked up where they are shown
  return (
    <Shell key={spoken} user={current.user} entered={wasOut.current}>
      <ConsentAsk userId={current.user.id} />
      <ErrorBoundary>
        <Switch>
          <Route path="/" component={HomePage} />
          <Route path="/you" component={ClimberPage} />
          <Route path="/account" component={AccountPage} />
          <Route path="/progress" component={ProgressPage} />
          {current.user.role === "admin" && <Route path="/operator" component={OperatorPage} />}
          <Route path="/climbers" component={ClimbersPage} />
          <Route path="/coach" component={CoachPage} />
          <Route path={climberPath}>{({ id = "" }) => <ClimberClimbsPage key={id} id={id} />}</Route>
          <Route path={coachedPath}>{({ id = "", climb = "" }) => <CoachedClimbPage key={climb} id={id} analysisId={climb} />}</Route>
          <Route path={coachedChoosePath}>{({ id = "", climb = "" }) => <CoachedChoosePage key={climb} id={id} analysisId={climb} />}</Route>
          <Route path={climbPath}>{({ id = "" }) => <ClimbPage key={id} id={id} />}</Route>
          <Route path={choosePath}>{({ id = "" }) => <ChoosePage key={id} id={id} />}</Route>
          <Route path={comparePath}>{({ id = "" }) => <ComparePage key={id} id={id} />}</Route>
          <Route component={LostPage} />
        </Switch>
      </ErrorBoundary>
      <ToastPlace />
    </Shell>
  );
}

/** What is seen without an account. */
function Outside({ children }: { children: ComponentChildren }) {
  return (
    <>
      <StartPage>{children}</StartPage>
      <ToastPlace />
    </>
  );
}

/** What anybody may read, and what a guardian decides: whoever is logged in here. Null: none of these. */
function openPage(path: string): ComponentChildren {
  if (path === "/terms") return <DocumentPage document="terms" />;
  if (path === "/privacy") return <DocumentPage document="privacy" />;
  return path === "/guardian" ? <Guardian /> : null;
}

function Guardian() {
  return (
    <Outside>
      <GuardianPage token={useLinkToken()} />
    </Outside>
  );
}

function Invited() {
  return <AccountForm reason={null} invitation={useLinkToken()} />;
}

function warnWhileSending(event: BeforeUnloadEvent): void {
  if (isSending()) event.preventDefault();
}

function Splash({ trouble }: { trouble: string | null }) {
  return (
    <main class="splash" aria-busy="true" aria-label={words().starting}>
      <LogoMark />
      {trouble !== null && <Notice kind="info">{trouble}</Notice>}
    </main>
  );
}

function LostPage() {
  return (
    <main class="page">
      <PageHeading title={words().lost} />
      <p>{words().lostText}</p>
      <Link class="button" href="/">
        {words().climbs}
      </Link>
    </main>
  );
}

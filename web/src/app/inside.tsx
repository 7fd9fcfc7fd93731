import { useEffect } from "preact/hooks";
import { Link, Redirect, Route, Switch } from "wouter-preact";

import { ErrorBoundary } from "../components/error-boundary.tsx";
import { Soon } from "../components/soon.tsx";
import { ToastPlace } from "../components/toast.tsx";
import { forgetAnalyses, putAnalysis } from "../features/analyses/analyses.ts";
import { listAddress } from "../features/analyses/filter.ts";
import { forgetFound } from "../features/analyses/found.ts";
import { forgetLabels } from "../features/analyses/labels.ts";
import { follow } from "../features/analyses/live.ts";
import { words } from "../features/analyses/words.ts";
import { dropTakesOf } from "../features/filming/takes.ts";
import { ConsentAsk } from "../features/privacy/consent-ask.tsx";
import { closeUploads, isSending, openUploads } from "../features/uploads/uploads.ts";
import { announcement } from "../lib/announcement.ts";
import { isIntroductionDue } from "../lib/introduction.ts";
import { session, type User } from "../lib/session.ts";
import { toast } from "../lib/toast.ts";
import { guardReload } from "../lib/unsaved.ts";
import { Late } from "./late.tsx";
import { PageHeading } from "./page-heading.tsx";
import { addresses, pages } from "./pages.ts";
import { Shell } from "./shell.tsx";

/** What goes on while somebody is logged in, whatever page is shown. */
export function Working({ userId }: { userId: string }) {
  useEffect(() => {
    openUploads(userId, putAnalysis);
    const unfollow = follow();
    const unguard = guardReload(isSending);
    window.addEventListener("beforeunload", warnWhileSending);
    return () => {
      window.removeEventListener("beforeunload", warnWhileSending);
      unguard();
      unfollow();
      const now = session.get();
      const isLeaving = now.state === "out" && now.reason === null;
      closeUploads(isLeaving);
      if (isLeaving) void dropTakesOf(userId);
      forgetAnalyses();
      forgetFound();
      forgetLabels();
      listAddress.set("/");
      announcement.set(""); // what was said names clips of theirs
      if (toast.get()?.href != null) toast.set(null);
    };
  }, [userId]);
  return null;
}

/** The pages of somebody who is logged in. `entered`: by the form, not by loading the page. */
export function Inside({ user, entered }: { user: User; entered: boolean }) {
  return (
    <Shell user={user} entered={entered}>
      <Soon>
        <ConsentAsk userId={user.id} />
      </Soon>
      <ErrorBoundary>
        <Pages userId={user.id} isAdmin={user.role === "admin"} />
      </ErrorBoundary>
      <ToastPlace />
    </Shell>
  );
}

function Pages({ userId, isAdmin }: { userId: string; isAdmin: boolean }) {
  return (
    <Switch>
      <Route path="/"><Home userId={userId} /></Route>
      <Route path="/you"><Late code={pages.climber}>{({ ClimberPage }) => <ClimberPage />}</Late></Route>
      <Route path="/trash"><Late code={pages.trash}>{({ TrashPage }) => <TrashPage />}</Late></Route>
      <Route path="/welcome"><Late code={pages.welcome}>{({ WelcomePage }) => <WelcomePage />}</Late></Route>
      <Route path="/film"><Late code={pages.film}>{({ FilmPage }) => <FilmPage userId={userId} begin={window.location.search === "?cut" ? "list" : "camera"} />}</Late></Route>
      <Route path="/account"><Late code={pages.account}>{({ AccountPage }) => <AccountPage />}</Late></Route>
      <Route path="/progress"><Late code={pages.progress}>{({ ProgressPage }) => <ProgressPage />}</Late></Route>
      {isAdmin && <Route path={addresses.operator}>{({ part }) => <Late code={pages.operator}>{({ OperatorPage }) => <OperatorPage part={part} />}</Late>}</Route>}
      <Route path="/climbers"><Late code={pages.climbers}>{({ ClimbersPage }) => <ClimbersPage />}</Late></Route>
      <Route path="/coach"><Late code={pages.climbers}>{({ CoachPage }) => <CoachPage />}</Late></Route>
      <Route path={addresses.climber}>
        {({ id = "" }) => <Late code={pages.climbers}>{({ ClimberClimbsPage }) => <ClimberClimbsPage key={id} id={id} />}</Late>}
      </Route>
      <Route path={addresses.coached}>
        {({ id = "", climb = "" }) => <Late code={pages.climbers}>{({ CoachedClimbPage }) => <CoachedClimbPage key={climb} id={id} analysisId={climb} />}</Late>}
      </Route>
      <Route path={addresses.coachedChoose}>
        {({ id = "", climb = "" }) => <Late code={pages.climbers}>{({ CoachedChoosePage }) => <CoachedChoosePage key={climb} id={id} analysisId={climb} />}</Late>}
      </Route>
      <Route path={addresses.climb}>{({ id = "" }) => <Late code={pages.climb}>{({ ClimbPage }) => <ClimbPage key={id} id={id} />}</Late>}</Route>
      <Route path={addresses.choose}>{({ id = "" }) => <Late code={pages.choose}>{({ ChoosePage }) => <ChoosePage key={id} id={id} />}</Late>}</Route>
      <Route path={addresses.compare}>{({ id = "" }) => <Late code={pages.compare}>{({ ComparePage }) => <ComparePage key={id} id={id} />}</Late>}</Route>
      <Route path="/routes"><Late code={pages.routes}>{({ RoutesPage }) => <RoutesPage />}</Late></Route>
      <Route path={addresses.route}>{({ id = "" }) => <Late code={pages.route}>{({ RoutePage }) => <RoutePage key={id} id={id} />}</Late>}</Route>
      <Route component={LostPage} />
    </Switch>
  );
}

/** Whoever has just made an account is shown first what this is. */
function Home({ userId }: { userId: string }) {
  if (isIntroductionDue(userId)) return <Redirect to="/welcome" replace />;
  return <Late code={pages.home}>{({ HomePage }) => <HomePage />}</Late>;
}

function warnWhileSending(event: BeforeUnloadEvent): void {
  if (isSending()) event.preventDefault();
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

import { Fragment, type ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { LogoMark } from "../components/logo.tsx";
import { Notice } from "../components/notice.tsx";
import { ToastPlace } from "../components/toast.tsx";
import { words } from "../components/words.ts";
import { AccountForm } from "../features/accounts/account-form.tsx";
import { StartPage } from "../features/accounts/start-page.tsx";
import { UpdateNote } from "../features/device/update-note.tsx";
import { letterPath } from "../features/letters/paths.ts";
import { dropOldClips } from "../lib/device-clips.ts";
import { preferredScale } from "../lib/grades.ts";
import { language } from "../lib/language.ts";
import { useLinkToken } from "../lib/link-token.ts";
import { isKnown, session } from "../lib/session.ts";
import { units } from "../lib/units.ts";
import { useStore } from "../lib/use-store.ts";
import { Late, LateWork } from "./late.tsx";
import { fetchAhead, pages } from "./pages.ts";

export function App() {
  const current = useStore(session);
  const userId = current.state === "in" ? current.user.id : null;
  const isOut = current.state === "out";
  useEffect(() => {
    if (isOut && isKnown()) void dropOldClips(null).catch(() => undefined);
  }, [isOut]);
  return (
    <>
      {userId !== null && <LateWork code={pages.inside}>{({ Working }) => <Working userId={userId} />}</LateWork>}
      <Screen />
    </>
  );
}

function Screen() {
  const current = useStore(session);
  const spoken = useStore(language);
  const [read, scale] = [useStore(units), useStore(preferredScale)];
  useLayoutEffect(() => {
    document.documentElement.lang = spoken;
  }, [spoken]);
  const wasOut = useRef(false);
  if (current.state === "out") wasOut.current = true;

  const [path] = useLocation();
  const letter = letterPath(path);

  if (path === "/shared") return <Late key={spoken} code={pages.guest}>{({ GuestPage }) => <GuestPage />}</Late>;
  const open = openPage(path);
  if (open !== null) return <Fragment key={spoken}>{open}</Fragment>;
  if (letter !== null) {
    return (
      <Outside key={`${spoken}${path}`}>
        <Late code={pages.letter} isPart>{({ LetterPage }) => <LetterPage path={letter} />}</Late>
      </Outside>
    );
  }
  if (current.state === "starting") return <Splash trouble={current.trouble} />;
  if (current.state === "out") {
    return (
      <Outside key={spoken}>
        {path === "/coach" && <LateWork code={pages.coachAsked}>{({ CoachAsked }) => <CoachAsked />}</LateWork>}
        {path === "/invited" ? <Invited /> : <AccountForm reason={current.reason} />}
        <Ahead />
      </Outside>
    );
  }
  // drawn anew with another language, unit or scale: words are looked up where they are shown
  return <Late key={`${spoken}${read}${scale ?? ""}`} code={pages.inside}>{({ Inside }) => <Inside user={current.user} entered={wasOut.current} />}</Late>;
}

/** What is seen without an account. */
function Outside({ children }: { children: ComponentChildren }) {
  return (
    <>
      <UpdateNote />
      <StartPage>{children}</StartPage>
      <ToastPlace />
    </>
  );
}

/** Whoever touches the form is about to come in: what comes after it is fetched meanwhile. */
function Ahead() {
  useEffect(() => {
    const ahead = () => fetchAhead("/");
    document.addEventListener("focusin", ahead, { once: true });
    return () => document.removeEventListener("focusin", ahead);
  }, []);
  return null;
}

/** What anybody may read, and what a guardian decides: whoever is logged in here. Null: none of these. */
function openPage(path: string): ComponentChildren {
  if (path === "/terms" || path === "/privacy") {
    const document = path === "/terms" ? "terms" : "privacy";
    return <Late code={pages.document}>{({ DocumentPage }) => <DocumentPage document={document} />}</Late>;
  }
  if (path === "/demo") return <Late code={pages.demo}>{({ DemoPage }) => <DemoPage />}</Late>;
  return path === "/guardian" ? <Guardian /> : null;
}

function Guardian() {
  const token = useLinkToken();
  return (
    <Outside>
      <Late code={pages.guardian} isPart>{({ GuardianPage }) => <GuardianPage token={token} />}</Late>
    </Outside>
  );
}

function Invited() {
  return <AccountForm reason={null} invitation={useLinkToken()} />;
}

function Splash({ trouble }: { trouble: string | null }) {
  return (
    <main class="splash" aria-busy="true" aria-label={words().starting}>
      <LogoMark />
      {trouble !== null && (
        <Notice kind="info">
          {trouble} {words().startsLater}
        </Notice>
      )}
    </main>
  );
}

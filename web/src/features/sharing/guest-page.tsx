import "./sharing.css";

import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";

import { LogoMark } from "../../components/logo.tsx";
import { Notice } from "../../components/notice.tsx";
import { asRequestError, type RequestError } from "../../lib/errors.ts";
import { recall, remember } from "../../lib/memory.ts";
import { guestClient, openShare, type Client } from "./requests.ts";
import { SharedClimb } from "./shared-climb.tsx";
import { words } from "./words.ts";

const renewAheadS = 60;
const retryS = 10;

/** What somebody sees who got a link: no account, no menu, the climb. */
export function GuestPage() {
  const token = useLink();
  useUnsearched();
  return (
    <>
      <header class="guest-header">
        <a href="/" class="guest-brand">
          <LogoMark /> Ascension
        </a>
      </header>
      {token === "" ? <Ended title={words().linkEnded} text={words().linkBroken} /> : <Opening key={token} token={token} />}
      <footer class="guest-footer">
        <p>
          <strong>{words().madeWith}</strong>
        </p>
        <p>{words().madeWithText}</p>
        <a href="/" class="button button-primary">
          {words().tryIt}
        </a>
      </footer>
    </>
  );
}

/** Another link that is opened in the same tab changes only what follows the hash sign. */
function useLink(): string {
  const [token, setToken] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    const read = () => setToken(window.location.hash.slice(1));
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);
  return token;
}

/** No search engine shows what only those see who have the link. */
function useUnsearched(): void {
  useEffect(() => {
    const told = document.createElement("meta");
    told.name = "robots";
    told.content = "noindex, nofollow, noarchive";
    document.head.append(told);
    return () => told.remove();
  }, []);
}

interface Open {
  analysisId: string;
  client: Client;
}

function Opening({ token }: { token: string }) {
  const { open, error, enter } = useOpening(token);
  if (open !== null && error?.code !== "share_not_found") return <SharedClimb analysisId={open.analysisId} client={open.client} gone={<Gone />} />;
  if (error === null) return <main class="page" aria-busy="true" aria-label={words().loading} />;
  if (error.code === "share_password_needed" || error.code === "share_password_wrong" || error.status === 423) return <PasswordAsked error={error} onEnter={enter} />;
  if (error.status === 404 || error.status === 422) return <Gone />;
  return (
    <main class="page">
      <Notice kind="error">{error.message}</Notice>
      <button type="button" class="button" onClick={() => enter(null)}>
        {words().tryAgain}
      </button>
    </main>
  );
}

/** Opens the link, and goes on opening it before its ticket ends. This browser's last ticket counts, so that a reload asks for no password. */
function useOpening(token: string) {
  const key = `ascension.opened.${token.slice(0, 8)}`;
  const ticket = useRef(recalledTicket(key));
  const [open, setOpen] = useState<Open | null>(null);
  const [error, setError] = useState<RequestError | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const client = useMemo(() => guestClient(() => ticket.current ?? ""), []);
  const enter = useCallback(
    (password: string | null) => {
      clearTimeout(timer.current);
      openShare(token, password, ticket.current)
        .then((opened) => {
          ticket.current = opened.ticket;
          remember(key, opened.ticket, "sessionStorage");
          setOpen((last) => (last?.analysisId === opened.analysis_id ? last : { analysisId: opened.analysis_id, client }));
          setError(null);
          timer.current = setTimeout(() => enter(null), Math.max(retryS, opened.expires_in_s - renewAheadS) * 1000);
        })
        .catch((cause: unknown) => {
          const refused = asRequestError(cause);
          setError(refused);
          if (refused.temporary) timer.current = setTimeout(() => enter(null), retryS * 1000);
        });
    },
    [token, key, client],
  );
  useEffect(() => {
    enter(null);
    return () => clearTimeout(timer.current);
  }, [enter]);
  return { open, error, enter };
}

function recalledTicket(key: string): string | null {
  const known = recall(key, "sessionStorage");
  return typeof known === "string" ? known : null;
}

function PasswordAsked({ error, onEnter }: { error: RequestError; onEnter: (password: string) => void }) {
  const { passwordTitle, passwordText, password, open } = words();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement).get("password");
    if (typeof typed === "string") onEnter(typed);
  };
  return (
    <main class="page guest-ask">
      <form class="account-form" onSubmit={submit} data-testid="guest-password-form">
        <h1 tabIndex={-1}>{passwordTitle}</h1>
        <p>{passwordText}</p>
        {error.code !== "share_password_needed" && (
          <Notice kind="error" testId="guest-error">
            {error.message}
          </Notice>
        )}
        <div class="field">
          <label for="guest-password">{password}</label>
          <input id="guest-password" name="password" type="text" autocomplete="off" autocapitalize="none" spellcheck={false} maxLength={128} required data-testid="guest-password" />
        </div>
        <button type="submit" class="button button-primary" data-testid="guest-open">
          {open}
        </button>
      </form>
    </main>
  );
}

function Gone() {
  return <Ended title={words().linkEnded} text={words().linkEndedText} />;
}

function Ended({ title, text }: { title: string; text: string }): ComponentChildren {
  useEffect(() => {
    document.title = `${title} · Ascension`;
  }, [title]);
  return (
    <main class="page guest-ask" data-testid="guest-ended">
      <h1 tabIndex={-1}>{title}</h1>
      <p>{text}</p>
    </main>
  );
}

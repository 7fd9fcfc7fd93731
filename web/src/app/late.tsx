import "./late.css";

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";

import { LogoMark } from "../components/logo.tsx";
import { Notice } from "../components/notice.tsx";
import { words } from "../components/words.ts";
import { recall, remember } from "../lib/memory.ts";
import { mayReload } from "../lib/unsaved.ts";
import { useStore } from "../lib/use-store.ts";
import type { Code } from "./code.ts";

const reloadedKey = "ascension.reloaded";
/** The file that this code came in: its name is another one in the next release. */
const ownPath = new URL(import.meta.url).pathname;

interface Props<T> {
  code: Code<T>;
  /** It stands within a page, and is not the whole of it. */
  isPart?: boolean;
  children: (module: T) => ComponentChildren;
}

/** A page that is drawn once its code is here; until then its room is kept. */
export function Late<T>({ code, isPart = false, children }: Props<T>) {
  const module = useStore(code.module);
  const isMissing = useStore(code.isMissing);
  useLayoutEffect(() => code.load(), [code]);
  useEffect(() => {
    if (!isMissing) return undefined;
    void reloadWhereReplaced();
    window.addEventListener("online", code.load);
    return () => window.removeEventListener("online", code.load);
  }, [code, isMissing]);
  if (module !== null) return <>{children(module)}</>;
  const instead = isMissing ? <Missing onAgain={code.load} /> : <Room />;
  return isPart ? <div>{instead}</div> : <main class="page late">{instead}</main>;
}

/** The same for what draws nothing of its own: it comes when it can, and who shows the page tells of trouble. */
export function LateWork<T>({ code, children }: Props<T>) {
  const module = useStore(code.module);
  useLayoutEffect(() => code.load(), [code]);
  return module === null ? null : <>{children(module)}</>;
}

function Room() {
  const { loading } = words();
  return (
    <span class="late-sign" role="img" aria-label={loading} data-testid="late">
      <LogoMark />
    </span>
  );
}

function Missing({ onAgain }: { onAgain: () => void }) {
  const { pageMissing, again } = words();
  return (
    <div class="broken" data-testid="page-missing">
      <Notice kind="error">{pageMissing}</Notice>
      <button type="button" class="button" onClick={onAgain} data-testid="page-again">
        {again}
      </button>
    </div>
  );
}

/** After a release the files of the one before may be gone: its pages load the new one, once, and never over unsaved work. */
async function reloadWhereReplaced(): Promise<void> {
  if (recall(reloadedKey, "sessionStorage") === ownPath || !mayReload()) return;
  try {
    const page = await fetch("/", { cache: "no-store" });
    if (!page.ok || (await page.text()).includes(ownPath)) return;
  } catch {
    return; // no network: nothing says that there is another release
  }
  remember(reloadedKey, ownPath, "sessionStorage");
  window.location.reload();
}

import { useEffect } from "preact/hooks";

const pollMs = 5_000;

/** Asks again every few seconds while a copy of a video is being made. */
export function useWhileCopied(isCopied: boolean, reload: () => void): void {
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setInterval(reload, pollMs);
    return () => clearInterval(timer);
  }, [isCopied, reload]);
}

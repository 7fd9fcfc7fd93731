import { useEffect, useRef } from "preact/hooks";

import { announce } from "../../lib/announcement.ts";
import { useStore } from "../../lib/use-store.ts";
import { percentOf, uploads, type Upload } from "./uploads.ts";
import { words } from "./words.ts";

/** Announces every change of state, every reason and every quarter of the way. Draws nothing. */
export function SpokenUploads() {
  const items = useStore(uploads);
  const known = useRef(new Map<string, string>());

  useEffect(() => {
    for (const upload of items) {
      const said = wordsOf(upload);
      if (known.current.get(upload.fingerprint) !== said) announce(said);
      known.current.set(upload.fingerprint, said);
    }
  }, [items]);
  return null;
}

function wordsOf(upload: Upload): string {
  const { states, percent } = words();
  const said = `${upload.fileName}: ${states[upload.state]}`;
  if (upload.reason !== null) return `${said}. ${upload.reason}`;
  return upload.state === "sending" ? `${said}, ${percent(Math.floor(percentOf(upload) / 25) * 25)}` : said;
}

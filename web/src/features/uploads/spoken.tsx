import { useEffect, useRef } from "preact/hooks";

import { announce } from "../../lib/announcement.ts";
import { useStore } from "../../lib/use-store.ts";
import { uploads, type Upload } from "./uploads.ts";
import { percentOf, stateWords } from "./words.ts";

/** Announces every change of state, every reason and every quarter of the way. Draws nothing. */
export function SpokenUploads() {
  const items = useStore(uploads);
  const known = useRef(new Map<string, string>());

  useEffect(() => {
    for (const upload of items) {
      const words = wordsOf(upload);
      if (known.current.get(upload.fingerprint) !== words) announce(words);
      known.current.set(upload.fingerprint, words);
    }
  }, [items]);
  return null;
}

function wordsOf(upload: Upload): string {
  const words = `${upload.fileName}: ${stateWords[upload.state]}`;
  if (upload.reason !== null) return `${words}. ${upload.reason}`;
  return upload.state === "sending" ? `${words}, ${Math.floor(percentOf(upload) / 25) * 25} percent` : words;
}

import { useState } from "preact/hooks";

import { showToast } from "../../lib/toast.ts";
import { words } from "./words.ts";

/** A link to be copied, or handed to an app where the device can do that. */
export function CopyLink({ link, title }: { link: string; title: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(link).then(() => {
      setCopied(true);
      showToast(words().copied);
    });
  const send = () => void navigator.share({ title, url: link }).catch(() => undefined); // thought better of it
  return (
    <div class="copy-link">
      <input type="text" readOnly value={link} aria-label={words().copy} onFocus={(event) => event.currentTarget.select()} data-testid="link" />
      <button type="button" class="button" onClick={copy} data-testid="copy-link">
        {isCopied ? words().copied : words().copy}
      </button>
      {"share" in navigator && (
        <button type="button" class="button" onClick={send}>
          {words().send}
        </button>
      )}
    </div>
  );
}

import { useState } from "preact/hooks";

import { words } from "./words.ts";

/** Shown once: to be copied or written down before the page goes on. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const [isCopied, setCopied] = useState(false);
  const { keepThese, copy, copied, kept } = words();
  return (
    <div class="account-form-inline">
      <p role="status">{keepThese}</p>
      <ol class="account-codes" data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div class="account-actions">
        <button
          type="button"
          class="button"
          onClick={() =>
            void navigator.clipboard.writeText(codes.join("\n")).then(
              () => setCopied(true),
              () => undefined, // not allowed: they can be read
            )
          }
        >
          {isCopied ? copied : copy}
        </button>
        <button type="button" class="button button-primary" onClick={onKept} data-testid="codes-kept">
          {kept}
        </button>
      </div>
    </div>
  );
}

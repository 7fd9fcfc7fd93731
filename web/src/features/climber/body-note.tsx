import "./climber.css";

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import type { Choices } from "../../lib/api.ts";
import { asRequestError } from "../../lib/errors.ts";
import { focusHeading } from "../../lib/focus.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { isEmpty, isSameBody } from "./profile.ts";
import { loadProfile } from "./requests.ts";
import { words } from "./words.ts";

interface Props {
  choices: Choices;
  /** Asks for the analysis anew; null where it cannot be asked for now. */
  onAgain: ((choices: Choices) => Promise<void>) | null;
}

/** Whether a climb was analyzed with the body that the profile has now, and the way to have it so. */
export function BodyNote({ choices, onAgain }: Props) {
  const { againTitle, againSame, againNothing, againOther, again, link } = words();
  const { value: profile } = useLoaded(loadProfile);
  const [error, setError] = useState<string | null>(null);
  const isSame = profile !== null && isSameBody(profile, choices);
  const send = () => {
    // left out, the body is taken from the profile of now
    const { climber = null, known_distance = null, known_rectangle = null, overhang_deg = null } = choices;
    onAgain?.({ climber, known_distance, known_rectangle, overhang_deg }).then(
      () => focusHeading(), // how far it is stands below it
      (cause: unknown) => setError(asRequestError(cause).message),
    );
  };
  return (
    <section class="facts" data-testid="body-note">
      <h2>{againTitle}</h2>
      {profile !== null && <p class="facts-note">{isSame ? (isEmpty(profile) ? againNothing : againSame) : againOther}</p>}
      {error !== null && <Notice kind="error">{error}</Notice>}
      <div class="facts-actions">
        <Link href="/you" class="button">
          {link}
        </Link>
        {profile !== null && !isSame && onAgain !== null && (
          <button type="button" class="button" onClick={send} data-testid="again-with-body">
            {again}
          </button>
        )}
      </div>
    </section>
  );
}

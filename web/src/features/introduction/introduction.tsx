import "./introduction.css";

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { focusHeading } from "../../lib/focus.ts";
import { endIntroduction } from "../../lib/introduction.ts";
import { FilmPicture, ImprovePicture, ReadPicture } from "./pictures.tsx";
import { words } from "./words.ts";

const steps = [
  ["film", FilmPicture],
  ["read", ReadPicture],
  ["improve", ImprovePicture],
] as const;

interface Props {
  /** The name of a step, as the page's heading. */
  heading: (title: string) => ComponentChildren;
  /** It was seen or skipped. */
  onEnd: () => void;
}

/** What this is for, in three screens. */
export function Introduction({ heading, onEnd }: Props) {
  const [at, setAt] = useState(0);
  const isShown = useRef(false);
  useEffect(() => {
    if (isShown.current) focusHeading();
    isShown.current = true;
  }, [at]);
  const say = words();
  const [name, Picture] = steps[at] ?? steps[0];
  const { title, text } = say.steps[name];
  const isLast = at === steps.length - 1;
  const end = () => {
    endIntroduction();
    onEnd();
  };
  const skip = (
    <button type="button" class="button button-quiet" onClick={end} data-testid="introduction-skip">
      {say.skip}
    </button>
  );
  return (
    <div class="introduction" data-testid="introduction" data-step={name}>
      <Picture />
      <p class="introduction-count">{say.count(at + 1, steps.length)}</p>
      {heading(title)}
      <p>{text}</p>
      <div class="introduction-actions">
        {at === 0 && skip}
        {at > 0 && (
          <button type="button" class="button" onClick={() => setAt(at - 1)} data-testid="introduction-back">
            {say.back}
          </button>
        )}
        <button type="button" class="button button-primary" onClick={() => (isLast ? end() : setAt(at + 1))} data-testid="introduction-next">
          {isLast ? say.done : say.next}
        </button>
        {at > 0 && !isLast && skip}
      </div>
    </div>
  );
}

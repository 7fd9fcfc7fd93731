import { useMemo } from "preact/hooks";

import { fixedWords } from "../../lib/terms.ts";
import { useStore } from "../../lib/use-store.ts";
import { sideNames, type Compared, type Section, type SideName } from "./comparison.ts";
import { sectionAt, stepNearest } from "./track.ts";
import type { Pair } from "./use-pair.ts";
import { sectionWords, signedSeconds, words } from "./words.ts";

interface Props {
  pair: Pair;
  compared: Compared;
  onJump: (step: number) => void;
}

/** How long each took from hold to hold: two bars a section, of one scale. */
export function Sections({ pair: { track, playback }, compared: { sections }, onJump }: Props) {
  const now = useStore(playback.position);
  const longestS = useMemo(() => Math.max(...sections.flatMap(({ first_s, second_s }) => [first_s, second_s]), 0.1), [sections]);
  const current = sectionAt(track, sections, now);
  if (sections.length === 0) return null;
  return (
    <section class="facts sections" data-testid="sections">
      <h2>{words().sections}</h2>
      <ol>
        {sections.map((section, place) => (
          <li key={section.number}>
            <button
              type="button"
              class="section"
              aria-current={place === current ? "step" : undefined}
              onClick={() => onJump(stepNearest(track, section.first.start_frame, section.second.start_frame))}
              data-testid="section-row"
            >
              <span class="section-name" aria-hidden="true">
                {sectionWords(section)}
              </span>
              <strong class="section-cost" aria-hidden="true">
                {signedSeconds(section.difference_s)}
              </strong>
              <span class="visually-hidden">{words().sectionBar(sectionWords(section), fixedWords(section.first_s, 1), fixedWords(section.second_s, 1))}</span>
              {sideNames.map((name) => (
                <Bar key={name} section={section} name={name} longestS={longestS} />
              ))}
            </button>
          </li>
        ))}
      </ol>
      <p class="facts-note">{words().sectionNote}</p>
    </section>
  );
}

/** The time of one climber; the hatched end of it at rest. */
function Bar({ section, name, longestS }: { section: Section; name: SideName; longestS: number }) {
  const [lastsS, stillS] = name === "first" ? [section.first_s, section.first_still_s] : [section.second_s, section.second_still_s];
  return (
    <span class="section-line" data-side={name} aria-hidden="true">
      <span class="section-bar" style={{ width: `${((100 * lastsS) / longestS).toFixed(2)}%` }}>
        {stillS !== null && lastsS > 0 && <span style={{ width: `${((100 * stillS) / lastsS).toFixed(2)}%` }} />}
      </span>
      <span class="section-time">{fixedWords(lastsS, 1)}</span>
    </span>
  );
}

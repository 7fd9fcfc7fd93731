import "./timeline.css";

import { useMemo } from "preact/hooks";

import { formatClock } from "../../lib/format.ts";
import type { Store } from "../../lib/store.ts";
import { useStore } from "../../lib/use-store.ts";
import { frameAt } from "./frames.ts";
import type { Stretch } from "./loop.ts";
import { limbNames, type Climb, type Contact } from "./climb.ts";
import { capitalized, eventWords, limbShortWords, limbWords, outcomeWords, percentWords } from "../../lib/terms.ts";
import { certaintyOf, changesOf, contactsAt, holdNumbers, neighborChange, withRoom } from "./moments.ts";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { scrubbing, seekByKey } from "./scrubbing.ts";
import { words } from "./words.ts";

interface Props {
  result: Result;
  playback: Playback;
  stretch: Store<Stretch | null>;
  /** Where something was said, in seconds. */
  momentsS: readonly number[];
}

/** When each hand and foot held what; a tap goes there. Keeps its room while the result is on its way. */
export function Timeline({ result, playback, stretch, momentsS }: Omit<Props, "result" | "playback"> & { result: Result | null; playback: Playback | null }) {
  const climb = result?.facts.climb;
  const isMissing = result !== null && climb == null;
  const { contacts, contactsKey } = words();
  return (
    <section class="timeline" aria-label={contacts} data-testid="timeline">
      {isMissing && <p class="timeline-nothing">{nothingWords(climb)}</p>}
      {result !== null && playback !== null && climb != null && (
        <>
          <div class="timeline-names" aria-hidden="true">
            <span />
            {limbNames.map((limb) => (
              <span key={limb}>{limbShortWords(limb)}</span>
            ))}
          </div>
          <Lanes result={result} playback={playback} stretch={stretch} momentsS={momentsS} climb={climb} />
        </>
      )}
      <p class="timeline-key" data-unused={isMissing}>
        {contactsKey}
      </p>
    </section>
  );
}

function nothingWords(climb: null | undefined): string {
  const { contactsNobody, contactsOld } = words();
  return climb === null ? contactsNobody : contactsOld;
}

/** One control for all lanes: the pointer goes to any frame, the arrow keys from change to change. */
function Lanes({ result, playback, stretch, momentsS, climb }: Props & { climb: Climb }) {
  const frame = useStore(playback.position);
  const numbers = useMemo(() => holdNumbers(climb), [climb]);
  const changes = useMemo(() => changesOf(climb), [climb]);
  const drawn = useMemo(() => <Drawn climb={climb} frameCount={result.frameCount} numbers={numbers} />, [climb, result, numbers]);
  const last = result.frameCount - 1;
  const onKey = (event: KeyboardEvent) => {
    const [before, after] = [neighborChange(changes, frame, -1), neighborChange(changes, frame, 1)];
    seekByKey(event, playback, { ArrowRight: after, ArrowUp: after, ArrowLeft: before, ArrowDown: before, Home: 0, End: last });
  };
  return (
    <div
      class="lanes"
      role="slider"
      tabIndex={0}
      aria-label={words().lanes}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={frame}
      aria-valuetext={`${formatClock(result.timesS[frame] ?? 0)}. ${contactWords(climb, frame, numbers)}`}
      onKeyDown={onKey}
      {...scrubbing(playback, result.frameCount)}
      data-testid="lanes"
    >
      {drawn}
      {[...new Set(momentsS)].map((atS) => (
        <span key={atS} class="lanes-said" style={{ left: percent((frameAt(result.timesS, atS) + 0.5) / result.frameCount) }} title={words().saidAt(formatClock(atS))} data-testid="said" />
      ))}
      <LoopBand result={result} stretch={stretch} />
      <Playhead result={result} playback={playback} />
    </div>
  );
}

/** What is played again and again. */
export function LoopBand({ result, stretch }: Pick<Props, "result" | "stretch">) {
  const now = useStore(stretch);
  if (now === null) return null;
  return <div class="lanes-loop" style={{ left: percent(now.start / result.frameCount), width: percent((now.end - now.start) / result.frameCount) }} data-testid="loop-band" />;
}

export function Playhead({ result, playback }: Pick<Props, "result" | "playback">) {
  const frame = useStore(playback.position);
  return <div class="lanes-now" style={{ "--at": ((frame + 0.5) / result.frameCount).toFixed(5) }} data-testid="playhead" />;
}

interface DrawnProps {
  climb: Climb;
  frameCount: number;
  numbers: ReadonlyMap<number, number>;
}

/** Everything that stands still while the playhead moves. */
function Drawn({ climb, frameCount, numbers }: DrawnProps) {
  const place = (start: number, end: number) => ({ left: percent(start / frameCount), width: percent((end - start) / frameCount) });
  return (
    <>
      <Events climb={climb} frameCount={frameCount} />
      {limbNames.map((limb) => (
        <div key={limb} class="lane" data-limb={limb}>
          {climb.moves
            .filter((move) => move.limb === limb)
            .map((move) => (
              <span key={`m${move.reach_start}`} class="lane-move" style={place(move.reach_start, move.reach_end)} />
            ))}
          {climb.contacts
            .filter((contact) => contact.limb === limb)
            .map((contact) => (
              <Bar key={contact.start} contact={contact} number={contact.hold === null ? undefined : numbers.get(contact.hold)} style={place(contact.start, contact.end)} />
            ))}
        </div>
      ))}
      <div class="lanes-attempts">
        {climb.attempts.map(({ attempt }, index) => (
          <span key={attempt.start} class="lanes-attempt" style={place(attempt.start, attempt.end)} title={capitalized(outcomeWords(attempt.outcome))}>
            {climb.attempts.length > 1 ? `${index + 1}: ${outcomeWords(attempt.outcome)}` : capitalized(outcomeWords(attempt.outcome))}
          </span>
        ))}
      </div>
    </>
  );
}

function Bar({ contact, number, style }: { contact: Contact; number: number | undefined; style: { left: string; width: string } }) {
  const { kind, confidence } = contact;
  return (
    <span class="lane-contact" data-kind={kind} data-certainty={certaintyOf(confidence)} style={style} title={`${placeWords(contact, number)}, ${words().sure(percentWords(confidence))}`}>
      {number !== undefined && <span>{number}</span>}
    </span>
  );
}

const majorEvents = ["fall", "top", "dyno", "foot_cut", "slip"];
/** Of a lane on a phone: a letter of an event's name, and the space around the name. */
const letterShare = 0.021;

function Events({ climb: { events }, frameCount }: Omit<DrawnProps, "numbers">) {
  const labels = events.map(({ kind, start, end }) => {
    const width = (eventWords(kind).length + 1.5) * letterShare;
    const isAtEnd = start / frameCount > 1 - width; // it ends with its band, where others begin
    return { at: isAtEnd ? end / frameCount - width : start / frameCount, isAtEnd, width, weight: majorEvents.includes(kind) ? 1 : 0 };
  });
  const shown = withRoom(labels);
  return (
    <div class="lanes-events">
      {events.map(({ kind, start, end, confidence }) => (
        <span
          key={`${kind}${start}`}
          class="lanes-event"
          data-kind={kind}
          data-certainty={certaintyOf(confidence)}
          style={{ left: percent(start / frameCount), width: percent((end - start) / frameCount) }}
          title={`${eventWords(kind)}, ${words().sure(percentWords(confidence))}`}
        />
      ))}
      {events.map(({ kind, start, end }, place) =>
        shown[place] === true ? (
          <span key={`${kind}${start}`} class="lanes-event-name" style={labels[place]?.isAtEnd === true ? { right: percent(1 - end / frameCount) } : { left: percent(start / frameCount) }}>
            {eventWords(kind)}
          </span>
        ) : null,
      )}
    </div>
  );
}

/** "on hold 3", "on the floor" */
function placeWords({ kind, hold }: Contact, number: number | undefined): string {
  const { places } = words();
  if (kind === "floor") return places.floor;
  if (kind === "unseen") return number === undefined ? places.hidden : places.hiddenOn(number);
  return hold === null || number === undefined ? places.wall : places.hold(number);
}

/** "Left hand on hold 3, right hand on its way, ..." */
function contactWords(climb: Climb, frame: number, numbers: ReadonlyMap<number, number>): string {
  const now = contactsAt(climb, frame);
  const places = limbNames.map((limb) => {
    const contact = now[limb];
    const number = contact?.hold == null ? undefined : numbers.get(contact.hold);
    return `${limbWords(limb)} ${contact === undefined ? words().places.off : placeWords(contact, number)}`;
  });
  return `${places.join(", ")}.`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(3)}%`;
}

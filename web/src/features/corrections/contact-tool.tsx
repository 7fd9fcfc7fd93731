import { NextIcon, PreviousIcon } from "../../components/icons.tsx";
import { limbWords } from "../../lib/terms.ts";
import { limbNames, type Climb, type LimbName } from "../player/climb.ts";
import type { Bench } from "../player/workbench.ts";
import { contactUnder, holdsWith, stretchesOf, type ContactDraft, type ContactKind } from "./drafts.ts";
import { Strip } from "./strip.tsx";
import { changeContact, contactInHand, guessedPlace, type Work } from "./work.ts";
import { contactSentence, words } from "./words.ts";

const kinds: readonly ContactKind[] = ["hold", "smear", "floor", "none"];

interface Props {
  bench: Bench;
  work: Work;
}

/** Which limb, touching what, from when to when. */
export function ContactTool({ bench, work }: Props) {
  const { fromHere, toHere, contactPress } = words();
  const { result, playback } = bench;
  const { climb } = result.facts;
  const contact = contactInHand(work);
  if (climb == null || contact === null) return null;
  const draft = work.history.now;
  const change = (next: Partial<ContactDraft>, name: string | null) => changeContact(work, contact, next, name);
  const isUnplaced = contact.kind !== "none" && contact.place === null;
  return (
    <>
      <Choices bench={bench} work={work} climb={climb} contact={contact} />
      <Strip bench={bench} climb={climb} draft={draft} contact={contact} onTake={work.take} onBounds={(bounds, name) => change(bounds, `${contact.key} ${name}`)} />
      <p class="work-words" aria-live="polite" data-testid="work-words">
        {isUnplaced ? contactPress : contactSentence(contact, holdsWith(climb, draft), climb.torso, result.timesS)}
      </p>
      <div class="correction-actions">
        <button type="button" class="button" onClick={() => change({ start: Math.min(playback.position.get(), contact.end - 1) }, null)} data-testid="from-here">
          {fromHere}
        </button>
        <button type="button" class="button" onClick={() => change({ end: Math.max(playback.position.get() + 1, contact.start + 1) }, null)} data-testid="to-here">
          {toHere}
        </button>
      </div>
    </>
  );
}

function Choices({ bench, work, climb, contact }: Props & { climb: Climb; contact: ContactDraft }) {
  const { limb: limbTitle, kind: kindTitle, kinds: kindNames, previous, next } = words();
  const { playback, result } = bench;
  const draft = work.history.now;
  const chooseLimb = (limb: LimbName) => work.take(contactUnder(climb, draft, limb, playback.position.get(), result.frameCount));
  const chooseKind = (kind: ContactKind) => {
    const place = contact.place ?? guessedPlace(bench, draft, contact.limb, contact.start, contact.end);
    changeContact(work, contact, { kind, place }, null);
  };
  const step = (direction: -1 | 1) => {
    const stretches = stretchesOf(climb, draft, contact.limb, result.frameCount);
    const at = stretches.findIndex(({ key }) => key === contact.key);
    const taken = stretches[at + direction];
    if (taken === undefined) return;
    playback.seek(taken.start);
    work.take(taken);
  };
  return (
    <div class="work-choices">
      <select class="work-choice" aria-label={limbTitle} value={contact.limb} onChange={(event) => chooseLimb(event.currentTarget.value as LimbName)} data-testid="contact-limb">
        {limbNames.map((limb) => (
          <option key={limb} value={limb}>
            {limbWords(limb)}
          </option>
        ))}
      </select>
      <button type="button" class="button button-icon" aria-label={previous} onClick={() => step(-1)} data-testid="contact-previous">
        <PreviousIcon />
      </button>
      <button type="button" class="button button-icon" aria-label={next} onClick={() => step(1)} data-testid="contact-next">
        <NextIcon />
      </button>
      <select class="work-choice" aria-label={kindTitle} value={contact.kind} onChange={(event) => chooseKind(event.currentTarget.value as ContactKind)} data-testid="contact-kind">
        {contact.kind === "unseen" && <option value="unseen">{kindNames.unseen}</option>}
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {kindNames[kind]}
          </option>
        ))}
      </select>
    </div>
  );
}

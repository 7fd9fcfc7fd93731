import "./climber.css";

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { HeightField } from "../../components/height-field.tsx";
import { Notice } from "../../components/notice.tsx";
import { announce } from "../../lib/announcement.ts";
import { asRequestError } from "../../lib/errors.ts";
import { mostHeightM, mostSpanM, usualUnit } from "../../lib/height.ts";
import { BodyFigure } from "./body-figure.tsx";
import { MassField } from "./mass-field.tsx";
import { formOf, massLike, profileOf, type Entry, type Field, type Level, type Profile, type Sex } from "./profile.ts";
import { saveProfile } from "./requests.ts";
import { words } from "./words.ts";

const levels: readonly Level[] = ["beginner", "intermediate", "advanced", "elite"];
const sexes: readonly Sex[] = ["female", "male"];

type Note = { kind: "error" | "info"; text: string; before: Profile | null };

/** Everything at once: saved by a button, taken back by another. */
export function ProfileForm({ known }: { known: Profile }) {
  const { height, heightNote, span, spanNote, save, reset, undo } = words();
  const form = useProfileForm(known);
  const { entry, change, bad, note } = form;
  return (
    <form class="profile" onSubmit={form.submit} noValidate data-testid="profile">
      <HeightField legend={height} note={heightNote} name="height" entry={entry.height} onChange={(next) => change({ height: next, ...massLike(entry, entry.height, next) })} mostM={mostHeightM} isBad={bad.includes("height")} />
      <HeightField legend={span} note={spanNote} name="span" entry={entry.span} onChange={(next) => change({ span: next, ...massLike(entry, entry.span, next) })} mostM={mostSpanM} isBad={bad.includes("span")} />
      <MassField entry={entry.mass} onChange={(next) => change({ mass: next })} isBad={bad.includes("mass")} />
      <Selections entry={entry} onChange={change} />
      {note !== null && (
        <div class="profile-note">
          <Notice kind={note.kind} testId="profile-note">
            {note.text}
          </Notice>
          {note.before !== null && (
            <button type="button" class="button" disabled={form.isBusy} onClick={() => form.restore(note.before)} data-testid="profile-undo">
              {undo}
            </button>
          )}
        </div>
      )}
      <div class="profile-actions">
        <button type="button" class="button" disabled={!form.isTouched} onClick={form.reset} data-testid="profile-reset">
          {reset}
        </button>
        <button type="submit" class="button button-primary" aria-disabled={form.isBusy} data-testid="profile-save">
          {save}
        </button>
      </div>
    </form>
  );
}

function useProfileForm(known: Profile) {
  const [saved, setSaved] = useState(known);
  const [begun, setBegun] = useState(() => formOf(known, usualUnit()));
  const [entry, setEntry] = useState(begun);
  const [bad, setBad] = useState<Field[]>([]);
  const [note, setNote] = useState<Note | null>(null);
  const [isBusy, setBusy] = useState(false);
  const startFrom = (profile: Profile) => {
    const form = formOf(profile, usualUnit(), entry.mass.unit);
    setSaved(profile);
    setBegun(form);
    setEntry(form);
    setBad([]);
  };
  const put = async (profile: Profile, text: string, before: Profile | null) => {
    if (isBusy) return;
    setBusy(true);
    try {
      startFrom(await saveProfile(profile));
      setNote({ kind: "info", text, before });
      announce(words().savedSpoken);
    } catch (cause) {
      setNote({ kind: "error", text: asRequestError(cause).message, before: null });
    }
    setBusy(false);
  };
  return {
    entry,
    bad,
    note,
    isBusy,
    isTouched: entry !== begun,
    change: (next: Partial<Entry>) => setEntry((now) => ({ ...now, ...next })),
    reset: () => startFrom(saved),
    restore: (profile: Profile | null) => profile !== null && void put(profile, words().undone, null),
    submit: (event: SubmitEvent) => {
      event.preventDefault();
      const { badFields, unchanged, saved: savedWords } = words();
      const wanted = profileOf(entry, begun, saved);
      setBad("bad" in wanted ? wanted.bad : []);
      if ("bad" in wanted) setNote({ kind: "error", text: badFields, before: null });
      else if (entry === begun) setNote({ kind: "info", text: unchanged, before: null });
      else void put(wanted.profile, savedWords, saved);
    },
  };
}

function Selections({ entry, onChange }: { entry: Entry; onChange: (next: Partial<Entry>) => void }) {
  const { sex, sexNote, sexes: sexNames, level, levelNote, levels: levelNames, limbs: limbsTitle, limbsNote, notTold } = words();
  return (
    <>
      <Question title={sex} note={sexNote}>
        <Select label={sex} value={entry.sex ?? ""} names={{ "": notTold, ...sexNames }} values={["", ...sexes]} onChange={(value) => onChange({ sex: value === "" ? null : value })} testId="sex" />
      </Question>
      <Question title={level} note={levelNote}>
        <Select label={level} value={entry.level ?? ""} names={{ "": notTold, ...levelNames }} values={["", ...levels]} onChange={(value) => onChange({ level: value === "" ? null : value })} testId="level" />
      </Question>
      <Question title={limbsTitle} note={limbsNote}>
        <BodyFigure states={entry.limbs} onChange={(states) => onChange({ limbs: states })} />
      </Question>
    </>
  );
}

function Question({ title, note, children }: { title: string; note: string; children: ComponentChildren }) {
  return (
    <fieldset class="height">
      <legend>{title}</legend>
      {children}
      <p class="height-note">{note}</p>
    </fieldset>
  );
}

interface SelectProps<T extends string> {
  label?: string;
  value: T;
  values: readonly T[];
  names: Record<T, string>;
  onChange: (value: T) => void;
  testId: string;
}

function Select<T extends string>({ label, value, values, names, onChange, testId }: SelectProps<T>) {
  return (
    <select class="height-unit profile-select" aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value as T)} data-testid={testId}>
      {values.map((one) => (
        <option key={one} value={one}>
          {names[one]}
        </option>
      ))}
    </select>
  );
}

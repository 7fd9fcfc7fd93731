import "./correction-panel.css";
import "./marking.css";

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Choices } from "../../lib/api.ts";
import { formatClock } from "../../lib/format.ts";
import type { Correction } from "./correction.ts";
import { SendForm, type SendChoices } from "./correction-panel.tsx";
import { frameAt } from "./frames.ts";
import { choicesWithMarks, isComplete, lengthsNow, marksOf, obstacleOf, sizesOf, wanted, type Marks, type Shape } from "./marks.ts";
import type { Result } from "./result.ts";
import { lengthWords } from "./scale-words.ts";
import { SizeField, usualSizeUnit } from "./size-field.tsx";
import { sizeEntryOf, sizesIn } from "./size.ts";
import { words } from "./words.ts";

const shapes: readonly Shape[] = ["distance", "rectangle"];

interface Props {
  result: Result;
  correction: Correction;
  choices: Choices;
  picture: { width: number; height: number };
  atS: number;
  /** Why no point can be set now: the others are in another picture, or this one has no place on the wall. */
  obstacle: "elsewhere" | "off the wall" | null;
  /** Back to the picture that the points are in. */
  onShow: () => void;
}

/** First step: the picture waits for points, this says which, and takes them back. */
export function MarkPanel({ result, correction, choices, picture, atS, obstacle, onShow }: Props) {
  const { marks, canUndo, put, setShape, undo, clear } = correction.marking;
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus({ preventScroll: true }), []);
  const say = words().marking;
  const { undo: undoWord, clear: clearWord, forget, cancel, next } = words().questions;
  const canGoOn = isComplete(marks) && obstacleOf(marks) === null;
  const addPoint = () => {
    const index = marks.places.length;
    put([...marks.places, firstPlace(index, marks.shape, picture)], atS, `key ${index}`);
    // the point is there after the next drawing; who asked for it by a key moves it by keys
    requestAnimationFrame(() => document.querySelectorAll<HTMLElement>(".marking-point")[index]?.focus());
  };
  return (
    <section class="correction correction-mark" aria-label={say.title} data-testid="correction">
      <div class="correction-words">
        <h2 ref={title} tabIndex={-1}>
          {say.title}
        </h2>
        <p aria-live="polite" data-testid="mark-words">
          {sayWhatIsNext(result, marks, obstacle)}
        </p>
      </div>
      <ShapeChoice shape={marks.shape} onChange={setShape} />
      <div class="correction-actions">
        {obstacle === "elsewhere" ? (
          <button type="button" class="button" onClick={onShow} data-testid="show-points">
            {say.show}
          </button>
        ) : (
          <button type="button" class="button correction-keyboard" onClick={addPoint} disabled={isComplete(marks) || obstacle !== null} data-testid="add-point">
            {say.addPoint}
          </button>
        )}
        <button type="button" class="button" onClick={undo} disabled={!canUndo} data-testid="undo">
          {undoWord}
        </button>
        {marksOf(choices) !== null && marks.places.length === 0 ? (
          <button type="button" class="button" onClick={() => correction.pick({ kind: "unmarked" })} data-testid="forget-length">
            {forget}
          </button>
        ) : (
          <button type="button" class="button" onClick={clear} disabled={marks.places.length === 0} data-testid="clear">
            {clearWord}
          </button>
        )}
        <button type="button" class="button" onClick={correction.back} data-testid="correction-back">
          {cancel}
        </button>
        <button type="button" class="button button-primary" disabled={!canGoOn} onClick={() => correction.go({ at: "size" })} data-testid="mark-next">
          {next}
        </button>
      </div>
    </section>
  );
}

function ShapeChoice({ shape: chosen, onChange }: { shape: Shape; onChange: (shape: Shape) => void }) {
  const { what, shapes: names } = words().marking;
  return (
    <div class="view-choice" role="group" aria-label={what}>
      {shapes.map((shape) => (
        <button key={shape} type="button" class="view-button" aria-pressed={chosen === shape} onClick={() => onChange(shape)} data-testid={`shape-${shape}`}>
          {names[shape]}
        </button>
      ))}
    </div>
  );
}

function sayWhatIsNext(result: Result, marks: Marks, obstacle: Props["obstacle"]): string {
  const { elsewhere, offWall, drag, firstEnd, otherEnd, corners, nextCorner } = words().marking;
  if (obstacle === "elsewhere") return elsewhere(formatClock(marks.atS));
  if (obstacle === "off the wall") return offWall;
  if (isComplete(marks)) return obstacleOf(marks) ?? drag(measured(result, marks));
  const set = marks.places.length;
  if (marks.shape === "distance") return set === 0 ? firstEnd : otherEnd;
  return set === 0 ? corners : nextCorner(set, wanted.rectangle);
}

/** How long the marks are by the scale of the result on screen; "" where that is not known. */
function measured(result: Result, marks: Marks): string {
  const lengths = lengthsNow(result, frameAt(result.timesS, marks.atS), marks);
  return lengths === null || result.facts.wall == null ? "" : lengthWords(lengths, result.facts.wall.scale);
}

/** Around the middle, each in a direction of its own. */
function firstPlace(index: number, shape: Shape, { width, height }: Props["picture"]): [number, number] {
  const side = Math.min(width, height) / 6;
  const directions: [number, number][] = shape === "distance" ? [[-1, 0], [1, 0]] : [[-1, -1], [1, -1], [1, 1], [-1, 1]];
  const [x, y] = directions[index] ?? [0, 0];
  return [width / 2 + x * side, height / 2 + y * side];
}

interface SizeProps extends Pick<Props, "result" | "correction" | "choices"> {
  onSend: SendChoices;
  /** What it costs, in a sentence. */
  note: string;
}

/** Last step: how long it is. */
export function SizePanel({ result, correction, choices, onSend, note }: SizeProps) {
  const { marks } = correction.marking;
  const known = sizesOf(choices, marks.shape);
  const [begun] = useState(() => sizeEntryOf(known, usualSizeUnit(), marks.shape === "distance" ? 1 : 2));
  const [entry, setEntry] = useState(begun);
  const [isBad, setBad] = useState(false);
  const decide = (): Choices | string | null => {
    // untouched, it is what was told, which inches may not say to the millimeter
    const sizes = entry === begun && known.length > 0 ? known : sizesIn(entry);
    setBad(sizes === "bad");
    if (sizes === "bad") return null;
    const told = choicesWithMarks(choices, marks, sizes);
    return JSON.stringify(told) === JSON.stringify(choicesWithMarks(choices, marksOf(choices), known)) ? words().questions.unchanged : told;
  };
  const title = marks.shape === "distance" ? words().marking.howLong : words().marking.howLarge;
  return (
    <SendForm title={title} note={`${measured(result, marks)} ${note}`.trim()} back={words().questions.back} correction={correction} decide={decide} onSend={onSend}>
      <SizeField shape={marks.shape} entry={entry} onChange={setEntry} isBad={isBad} />
    </SendForm>
  );
}

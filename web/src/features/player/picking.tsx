import "./picking.css";

import { useEffect, useRef } from "preact/hooks";

import { boxPick, personPick, type Correction } from "./correction.ts";
import { boxAround, boxBetween, leastSidePx, moved, resized, type Box, type Sighting } from "./people.ts";
import { words } from "./words.ts";

/** A pointer that moved less was a tap. */
const dragPx = 10;
const keyStep = 0.03;

interface Size {
  width: number;
  height: number;
}

interface Props {
  /** The displayed frame. */
  picture: Size;
  people: readonly (Sighting & { number: number })[];
  /** The moment on screen. */
  atS: number;
  correction: Correction;
}

type Point = [number, number];

/** Over the picture: a button for everybody seen, and anywhere else a box may be dragged or tapped. */
export function PickingLayer({ picture, people, atS, correction }: Props) {
  const layer = useRef<HTMLDivElement>(null);
  const { pick } = correction;
  const draft = correction.draftAt(atS);
  const setDraft = (box: Box | null) => correction.setDraft(box, atS);
  const takeBox = (box: Box) => pick(boxPick(box, atS));
  const { handlers, isTap } = useBoxGesture(picture, setDraft, takeBox);

  useEffect(() => {
    layer.current?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  }, []);

  return (
    <div class="picking" ref={layer} role="group" aria-label={words().questions.people} {...handlers} data-testid="picking">
      {people.map((person) => (
        <button
          key={person.id}
          type="button"
          class={`picking-person ${person.isClimber ? "picking-followed" : ""}`}
          style={placed(person.now, picture)}
          aria-label={`${words().questions.person(person.number)}${person.isClimber ? words().questions.followed : ""}`}
          onClick={(event) => isTap(event) && pick(personPick(person, person.number))}
          data-testid={`person-${person.number}`}
        >
          <span class="picking-number">{person.number}</span>
        </button>
      ))}
      {draft !== null && <Draft picture={picture} box={draft} onChange={setDraft} onTake={(event) => isTap(event) && takeBox(draft)} />}
    </div>
  );
}

/** A drag takes the box between its ends, a tap beside everybody begins one. */
function useBoxGesture(picture: Size, onDraft: (box: Box | null) => void, onBox: (box: Box) => void) {
  const begun = useRef<{ at: Point; client: Point; isDrag: boolean } | null>(null);
  const wasDrag = useRef(false);

  const pointOf = (event: MouseEvent): Point => {
    const frame = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return [((event.clientX - frame.left) / frame.width) * picture.width, ((event.clientY - frame.top) / frame.height) * picture.height];
  };
  const onPointerDown = (event: PointerEvent) => {
    wasDrag.current = false;
    if (event.button === 0) begun.current = { at: pointOf(event), client: [event.clientX, event.clientY], isDrag: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const start = begun.current;
    if (start === null) return;
    if (!start.isDrag && Math.hypot(event.clientX - start.client[0], event.clientY - start.client[1]) < dragPx) return;
    if (!start.isDrag) (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    start.isDrag = true;
    onDraft(boxBetween(start.at, pointOf(event), picture));
  };
  const onPointerUp = (event: PointerEvent) => {
    event.stopPropagation(); // the stage below would play
    const start = begun.current;
    begun.current = null;
    wasDrag.current = start?.isDrag === true;
    if (start?.isDrag !== true) return;
    const box = boxBetween(start.at, pointOf(event), picture);
    if (box.width < leastSidePx || box.height < leastSidePx) onDraft(null);
    else onBox(box);
  };
  // not when the finger is lifted: the click that follows would meet the new box
  const onClick = (event: MouseEvent) => {
    if (event.target === event.currentTarget && !wasDrag.current) onDraft(boxAround(pointOf(event), picture));
  };
  const onPointerCancel = () => {
    begun.current = null;
    onDraft(null);
  };
  // a click that ends a drag is none; one from the keyboard has no pointer
  const isTap = (event: MouseEvent) => event.detail === 0 || !wasDrag.current;
  return { handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onClick }, isTap };
}

/** The box being made: a tap or Enter takes it, the arrow keys move it, with Shift they resize it. */
function Draft({ picture, box, onChange, onTake }: { picture: Size; box: Box; onChange: (box: Box) => void; onTake: (event: MouseEvent) => void }) {
  const change = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the player's own keys
    const [x = 0, y = 0] = direction.map((sign) => sign * keyStep * picture.height);
    onChange(event.shiftKey ? resized(box, x, -y, picture) : moved(box, x, y, picture));
  };
  return (
    <button
      type="button"
      class="picking-draft"
      style={placed(box, picture)}
      aria-label={words().questions.boxLabel}
      onKeyDown={change}
      onClick={onTake}
      data-testid="draft"
    >
      <span class="picking-take">{words().questions.use}</span>
    </button>
  );
}

/** What was picked, as an outline that waits for a yes. */
export function PickedOutline({ picture, box }: { picture: Size; box: Box }) {
  return <div class="picking-picked" style={placed(box, picture)} aria-hidden="true" data-testid="picked" />;
}

/** By its middle, so that a small box grows to the size of a thumb on all sides. */
function placed(box: Box, picture: Size): Record<string, string> {
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(3)}%`;
  return {
    left: share(box.left + box.width / 2, picture.width),
    top: share(box.top + box.height / 2, picture.height),
    "--width": share(box.width, picture.width),
    "--height": share(box.height, picture.height),
    // of two that overlap the smaller one is on top, else it could not be reached
    "z-index": String(Math.round(1000 * (1 - (box.width * box.height) / (picture.width * picture.height)))),
  };
}

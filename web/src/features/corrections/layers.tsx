/** What lies over the picture while something is put right: joints, holds, or the place of a contact. */

import { useStore } from "../../lib/use-store.ts";
import { landmarkWords } from "../../lib/terms.ts";
import type { Climb } from "../player/climb.ts";
import { PointsLayer, type Spot } from "../player/points-layer.tsx";
import { joints, limbs } from "../player/skeleton.ts";
import { placeMap } from "../player/view.ts";
import { applied, inverse, type Matrix, type Point } from "../player/wall.ts";
import type { Bench } from "../player/workbench.ts";
import { holdNear, holdsWith, withHold, withPoint, type Draft } from "./drafts.ts";
import { changeContact, contactInHand, type Work } from "./work.ts";
import { words } from "./words.ts";

interface Props {
  bench: Bench;
  work: Work;
}

export function WorkOnStage({ bench, work }: Props) {
  const frame = useStore(bench.playback.frame);
  const { climb } = bench.result.facts;
  if (work.tool === "point") return <PointLayer bench={bench} work={work} frame={frame} />;
  const toPicture = placeMap(bench.result, bench.view, frame);
  const toWall = toPicture === null ? null : inverse(toPicture);
  if (climb == null || toPicture === null || toWall === null) return <p class="stage-words">{words().noPlace}</p>;
  const Layer = work.tool === "hold" ? HoldLayer : ContactLayer;
  return <Layer bench={bench} work={work} climb={climb} toPicture={toPicture} toWall={toWall} />;
}

/** Those that a skeleton is drawn from, and the ends: nose, fingers, heels, toes. */
const shown = [...joints, 0, 19, 20, 29, 30, 31, 32];

function PointLayer({ bench, work, frame }: Props & { frame: number }) {
  const { pointsLayer, pointLabel, pointNobody } = words();
  const { result, view } = bench;
  const map = view.mapOf(frame);
  const back = map === null ? null : inverse(map);
  if (result.person[frame] !== 1 || map === null || back === null) return <p class="stage-words">{pointNobody}</p>;
  const names = result.facts.landmarks;
  const chosen = names.indexOf(work.landmark);
  const indices = shown.includes(chosen) ? shown : [...shown, chosen];
  const places = bodyWith(bench, work.history.now, frame, map);
  const spots = indices.map((index): Spot => {
    const name = names[index] ?? "";
    return { place: places[index] ?? [0, 0], label: pointLabel(landmarkWords(name)), testId: `joint-${name}`, kind: "joint", isChosen: index === chosen };
  });
  const put = (index: number, [x, y]: Point, change: string) => {
    const landmark = names[index] ?? "";
    work.setLandmark(landmark);
    work.history.change((draft) => withPoint(draft, { frame, landmark, place: applied(back, x, y) }), `${landmark} ${frame} ${change}`);
  };
  return (
    <PointsLayer
      picture={sizeOf(bench)}
      spots={spots}
      label={pointsLayer}
      testId="points"
      onMove={(spot, place, change) => put(indices[spot] ?? 0, place, change)}
      onElsewhere={(place, change) => {
        put(chosen, place, change);
        return indices.indexOf(chosen);
      }}
      onPress={(spot) => work.setLandmark(names[indices[spot] ?? 0] ?? "")}
    >
      <svg class="marking-shape work-body" viewBox={`0 0 ${view.widthPx} ${view.heightPx}`} preserveAspectRatio="none" aria-hidden="true">
        {limbs.map(({ from, to, side }) => {
          const [[x1, y1], [x2, y2]] = [places[from] ?? [0, 0], places[to] ?? [0, 0]];
          return <line key={`${from} ${to}`} x1={x1} y1={y1} x2={x2} y2={y2} data-side={side} />;
        })}
      </svg>
    </PointsLayer>
  );
}

/** Every landmark of a frame where it is with the draft, on the picture. */
function bodyWith({ result }: Bench, draft: Draft, frame: number, map: Matrix): Point[] {
  return result.facts.landmarks.map((name, index) => {
    const told = draft.points.findLast((point) => point.frame === frame && point.landmark === name)?.place;
    const at = (frame * 33 + index) * 2;
    return applied(map, told?.[0] ?? result.landmarksPx[at] ?? 0, told?.[1] ?? result.landmarksPx[at + 1] ?? 0);
  });
}

interface OnWall extends Props {
  climb: Climb;
  toPicture: Matrix;
  toWall: Matrix;
}

function HoldLayer({ bench, work, climb, toPicture, toWall }: OnWall) {
  const { holdsLayer, holdMoveLabel, holdNewLabel } = words();
  const { history, hold, setHold, newHold, setNewHold } = work;
  const holds = holdsWith(climb, history.now).flatMap(({ number, at, place }) => (place === null ? [] : [{ number, at, place }]));
  const spots = holds.map(({ number, at, place }): Spot => ({
    place: applied(toPicture, ...place),
    label: holdMoveLabel(number),
    testId: `hold-${number}`,
    kind: "hold",
    words: String(number),
    isChosen: hold !== null && hold[0] === at[0] && hold[1] === at[1],
  }));
  if (newHold !== null) spots.push({ place: applied(toPicture, ...newHold), label: holdNewLabel, testId: "hold-new", kind: "hold", words: "+", isChosen: true });
  return (
    <PointsLayer
      picture={sizeOf(bench)}
      spots={spots}
      label={holdsLayer}
      testId="hold-layer"
      onMove={(index, place, change) => {
        const moved = holds[index];
        const to = applied(toWall, ...place);
        if (moved === undefined) setNewHold(to);
        else history.change((draft) => withHold(draft, { at: moved.at, to }), `hold ${moved.number} ${change}`);
      }}
      onElsewhere={(place) => {
        setHold(null);
        setNewHold(applied(toWall, ...place));
        return holds.length;
      }}
      onPress={(index) => {
        setHold(holds[index]?.at ?? null);
        if (holds[index] !== undefined) setNewHold(null);
      }}
    />
  );
}

function ContactLayer({ bench, work, climb, toPicture, toWall }: OnWall) {
  const { contactsLayer, holdLabel, place: placeLabel } = words();
  const contact = contactInHand(work);
  if (contact === null) return null;
  const holds = holdsWith(climb, work.history.now).flatMap(({ number, at, place }) => (place === null ? [] : [{ number, at, place }]));
  const isPlaced = contact.kind !== "none" && contact.place !== null;
  const near = isPlaced && contact.kind !== "floor" && contact.kind !== "smear" && contact.place !== null ? holdNear(holds, contact.place, climb.torso) : null;
  const spots = holds.map(({ number, place }): Spot => ({
    place: applied(toPicture, ...place),
    label: holdLabel(number),
    testId: `hold-${number}`,
    kind: "hold",
    words: String(number),
    isChosen: near?.number === number,
  }));
  if (isPlaced && near === null && contact.place !== null) spots.push({ place: applied(toPicture, ...contact.place), label: placeLabel, testId: "contact-place", kind: "mark" });
  const kind = contact.kind === "none" || contact.kind === "unseen" ? "hold" : contact.kind;
  return (
    <PointsLayer
      picture={sizeOf(bench)}
      spots={spots}
      label={contactsLayer}
      testId="contact-layer"
      onMove={(index, place, change) => index === holds.length && changeContact(work, contact, { kind, place: applied(toWall, ...place) }, `place ${contact.key} ${change}`)}
      onElsewhere={(place, change) => {
        changeContact(work, contact, { kind, place: applied(toWall, ...place) }, `place ${contact.key} ${change}`);
        return holds.length;
      }}
      onPress={(index) => {
        const on = holds[index];
        if (on !== undefined && near?.number !== on.number) changeContact(work, contact, { kind: "hold", place: on.place }, null);
      }}
    />
  );
}

function sizeOf({ view }: Bench): { width: number; height: number } {
  return { width: view.widthPx, height: view.heightPx };
}

/** Fingers, wheel and double taps on the picture: how near it is looked at. */

import { useEffect, useLayoutEffect, useRef, type MutableRef } from "preact/hooks";

import type { Store } from "../../lib/store.ts";
import type { Point } from "./wall.ts";
import { nearStep, pannedBy, pinched, wholePicture, zoomedAt, type Zoom } from "./zoom.ts";

/** A pointer that moved less was a tap. */
const dragPx = 10;
const doubleTapMs = 300;
const doubleTapPx = 40;
/** How much a turn of the wheel counts; touchpads send many small ones. */
const perWheelPx = 0.01;

export interface Taps {
  /** A tap on the picture; null: something else has the picture in hand. Returns how to undo it, for the second tap of two. */
  onTap: (() => () => void) | null;
}

/** Writes the zoom to the stage, where the picture's style follows it, and makes gestures into zooms. */
export function useZoom(stage: MutableRef<HTMLElement | null>, zoom: Store<Zoom>, taps: Taps): void {
  const now = useRef(taps);
  useLayoutEffect(() => {
    now.current = taps;
  });
  useEffect(() => {
    const element = stage.current;
    if (element === null) return undefined;
    const show = () => showOn(element, zoom.get());
    const stop = zoom.subscribe(show);
    show();
    const leaving = new AbortController();
    listen(element, zoom, now, leaving.signal);
    return () => {
      stop();
      leaving.abort();
    };
  }, [stage, zoom]);
}

function showOn(element: HTMLElement, { scale, x, y }: Zoom): void {
  element.style.setProperty("--zoom", String(scale));
  element.style.setProperty("--pan-x", `${(100 * x).toFixed(3)}%`);
  element.style.setProperty("--pan-y", `${(100 * y).toFixed(3)}%`);
  element.dataset["zoomed"] = String(scale > 1);
}

/** What the fingers on the picture do together. */
interface Hand {
  fingers: Map<number, Point>;
  /** Since two fingers are down: where they were, and how near the picture was. */
  pinch: { zoom: Zoom; from: [Point, Point] } | null;
  /** Since one is down. */
  press: { at: Point; isTap: boolean } | null;
  /** A first finger that a tool has not heard of yet: a second one may follow, and then it was none of its business. */
  held: { event: PointerEvent; timer: number } | null;
}

/** So long a tool waits for a second finger. */
const secondFingerMs = 120;

function listen(element: HTMLElement, zoom: Store<Zoom>, taps: MutableRef<Taps>, signal: AbortSignal): void {
  const hand: Hand = { fingers: new Map(), pinch: null, press: null, held: null };
  const isFree = () => taps.current.onTap !== null;
  const capture = { signal, capture: true };
  element.addEventListener("pointerdown", (event) => putDown(element, hand, zoom, event, isFree()), capture);
  element.addEventListener("pointermove", (event) => move(element, hand, zoom, event, isFree()), capture);
  for (const type of ["pointerup", "pointercancel"] as const) element.addEventListener(type, (event) => lift(hand, event), capture);
  const onTap = tapping(element, zoom, taps);
  element.addEventListener("pointerup", (event) => event.button === 0 && hand.press?.isTap === true && onTap(event), { signal }); // not where a tool took it
  element.addEventListener(
    "touchmove",
    (event) => {
      // else the page scrolls along, and the browser takes the fingers away
      if (event.touches.length > 1 || (zoom.get().scale > 1 && isFree())) event.preventDefault();
    },
    { signal, passive: false },
  );
  element.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return; // it scrolls the page; touchpads send pinches with this key
      event.preventDefault();
      zoom.set(zoomedAt(zoom.get(), Math.exp(-event.deltaY * perWheelPx), shareOf(element, event)));
    },
    { signal, passive: false },
  );
}

function putDown(element: HTMLElement, hand: Hand, zoom: Store<Zoom>, event: PointerEvent, isFree: boolean): void {
  if (!event.isTrusted) return; // held back until now
  if (event.isPrimary) {
    hand.fingers.clear(); // whatever was lost on the way
    hand.pinch = null;
  }
  hand.fingers.set(event.pointerId, shareOf(element, event));
  const [first, second, third] = [...hand.fingers.values()];
  if (first === undefined || second === undefined || third !== undefined) {
    hand.press = { at: [event.clientX, event.clientY], isTap: third === undefined };
    if (!isFree && event.pointerType === "touch" && hand.fingers.size === 1) hold(hand, event);
    return;
  }
  hand.pinch = { zoom: zoom.get(), from: [first, second] };
  hand.press = null;
  event.stopPropagation();
  if (hand.held !== null) {
    clearTimeout(hand.held.timer);
    hand.held = null;
    return;
  }
  // a tool may have begun to drag with the first finger
  const [firstId = 0] = hand.fingers.keys();
  event.target?.dispatchEvent(new PointerEvent("pointercancel", { pointerId: firstId, bubbles: true, isPrimary: false }));
}

function hold(hand: Hand, event: PointerEvent): void {
  event.stopPropagation();
  if (hand.held !== null) clearTimeout(hand.held.timer);
  hand.held = { event, timer: window.setTimeout(() => release(hand), secondFingerMs) };
}

/** The finger is alone: the tool hears of it now. */
function release(hand: Hand): void {
  if (hand.held === null) return;
  const { event, timer } = hand.held;
  clearTimeout(timer);
  hand.held = null;
  event.target?.dispatchEvent(new PointerEvent("pointerdown", event));
}

function move(element: HTMLElement, hand: Hand, zoom: Store<Zoom>, event: PointerEvent, isFree: boolean): void {
  const before = hand.fingers.get(event.pointerId);
  if (before === undefined) return;
  const at = shareOf(element, event);
  hand.fingers.set(event.pointerId, at);
  const [first, second] = [...hand.fingers.values()];
  if (hand.pinch !== null && first !== undefined && second !== undefined) {
    event.stopPropagation();
    zoom.set(pinched(hand.pinch.zoom, hand.pinch.from, [first, second]));
    return;
  }
  if (hand.press === null) return;
  const moved = Math.hypot(event.clientX - hand.press.at[0], event.clientY - hand.press.at[1]);
  if (hand.press.isTap && moved < dragPx) {
    hand.fingers.set(event.pointerId, before); // the picture goes with all of a drag
    if (hand.held !== null) event.stopPropagation();
    return;
  }
  release(hand);
  if (hand.press.isTap && isFree && zoom.get().scale > 1) element.setPointerCapture(event.pointerId);
  hand.press.isTap = false;
  if (isFree && zoom.get().scale > 1) zoom.set(pannedBy(zoom.get(), at[0] - before[0], at[1] - before[1]));
}

function lift(hand: Hand, event: PointerEvent): void {
  if (event.type === "pointercancel" && !event.isTrusted) return; // our own, to a tool
  hand.fingers.delete(event.pointerId);
  if (event.type === "pointerup") release(hand);
  if (hand.pinch === null) return;
  event.stopPropagation(); // the end of a pinch is no tap
  hand.press = null;
  if (hand.fingers.size < 2) hand.pinch = null;
}

/** One tap acts at once; a second one soon after undoes it and looks from near, or at the whole again. */
function tapping(element: HTMLElement, zoom: Store<Zoom>, taps: MutableRef<Taps>): (event: PointerEvent) => void {
  let last: { atMs: number; at: Point; undo: () => void } | null = null;
  return (event) => {
    const { onTap } = taps.current;
    if (onTap === null) return;
    const at: Point = [event.clientX, event.clientY];
    if (last !== null && event.timeStamp - last.atMs < doubleTapMs && Math.hypot(at[0] - last.at[0], at[1] - last.at[1]) < doubleTapPx) {
      last.undo();
      last = null;
      zoom.set(zoom.get().scale > 1 ? wholePicture : zoomedAt(wholePicture, nearStep, shareOf(element, event)));
      return;
    }
    last = { atMs: event.timeStamp, at, undo: onTap() };
  };
}

/** Where a pointer is, in shares of the picture's room. */
function shareOf(element: HTMLElement, { clientX, clientY }: MouseEvent): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
}

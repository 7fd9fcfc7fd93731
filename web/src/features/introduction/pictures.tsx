import type { ComponentChildren } from "preact";

/** Drawn the way the player draws: chalk for the body, amber its left, blue its right. The words beside them say the same. */

function Picture({ children }: { children: ComponentChildren }) {
  return (
    <svg class="introduction-picture" viewBox="0 0 480 300" preserveAspectRatio="xMidYMid meet" aria-hidden="true">
      {children}
    </svg>
  );
}

/** A body on a wall: its middle at (0, 0), about 130 high. */
function Body({ at, faint = false }: { at: string; faint?: boolean }) {
  return (
    <g transform={at} fill="none" stroke-width="5" stroke-linecap="round" stroke-linejoin="round" opacity={faint ? 0.45 : 1}>
      <path d="M-16-30h32l-5 44h-22z" stroke="#f6f1ea" />
      <path d="M16-30l18-28 12-34" stroke="#4fd1e8" />
      <path d="M-16-30l-20-12 4-32" stroke="#ffae42" />
      <path d="M11 14l24 14-4 36" stroke="#4fd1e8" />
      <path d="M-11 14l-24 22-8 42" stroke="#ffae42" />
      <circle cy="-54" r="12" stroke="#f6f1ea" />
    </g>
  );
}

function Holds({ at = "" }: { at?: string }) {
  return (
    <g transform={at} fill="#d9532c">
      <path d="M38-100c8-5 20 0 20 8s-13 12-20 6-6-11 0-14z" />
      <path d="M-42-82c7-5 19-2 20 6s-10 12-18 8-9-10-2-14z" />
      <path d="M20 62c8-5 20-1 20 7s-13 11-20 5-6-9 0-12z" />
      <path d="M-54 78c7-5 19-2 20 6s-10 12-18 8-9-10-2-14z" />
    </g>
  );
}

export function FilmPicture() {
  return (
    <Picture>
      <path d="M300 0h180v300H270z" fill="#2c2621" />
      <path d="M0 262h480v38H0z" fill="#131110" />
      <Holds at="translate(372 150)" />
      <Body at="translate(372 150)" />
      <path d="M96 214 344 60M96 226l248 30" stroke="#f6f1ea" stroke-width="2" stroke-dasharray="3 9" opacity=".6" />
      <g stroke="#f6f1ea" stroke-width="4" stroke-linejoin="round">
        <rect x="66" y="186" width="30" height="56" rx="6" fill="#1d1a17" />
        <path d="M70 242l-12 22M92 242l12 22" stroke-linecap="round" />
      </g>
      <circle cx="88" cy="197" r="4" fill="#ff7a3d" />
      <path d="M104 280h160m-150-7-10 7 10 7m140-14 10 7-10 7" fill="none" stroke="#ff7a3d" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" />
      <text x="184" y="270" fill="#f6f1ea" font-size="20" font-weight="700" text-anchor="middle">
        4–6 m
      </text>
    </Picture>
  );
}

export function ReadPicture() {
  return (
    <Picture>
      <path d="M150 0h180v216H150z" fill="#2c2621" />
      <Holds at="translate(240 112)" />
      <Body at="translate(240 112)" />
      <path d="M226 204c-16-26 22-46 10-78" fill="none" stroke="#ff7a3d" stroke-width="3" stroke-dasharray="1 8" stroke-linecap="round" />
      <circle cx="238" cy="122" r="6" fill="#ff7a3d" />
      <g stroke-width="9" stroke-linecap="round">
        <path d="M60 236h110m26 0h90m40 0h96" stroke="#ffae42" />
        <path d="M60 252h40m30 0h150m24 0h118" stroke="#4fd1e8" />
        <path d="M60 268h180m30 0h152" stroke="#ffae42" opacity=".7" />
        <path d="M60 284h86m24 0h170m26 0h56" stroke="#4fd1e8" opacity=".7" />
      </g>
      <path d="M254 226v70" stroke="#f6f1ea" stroke-width="3" />
    </Picture>
  );
}

export function ImprovePicture() {
  return (
    <Picture>
      <path d="M30 0h190v300H30z" fill="#2c2621" />
      <Holds at="translate(126 160)" />
      <Body at="translate(112 172) rotate(6)" faint />
      <Body at="translate(126 160)" />
      <g stroke-linecap="round" stroke-width="12">
        <path d="M262 92h180M262 144h180M262 196h180M262 248h180" stroke="#3a332d" />
        <path d="M262 92h130M262 144h84M262 196h150M262 248h60" stroke="#f6f1ea" />
        <path d="M346 144h52" stroke="#ff7a3d" />
      </g>
      <path d="M408 116l14 14 26-30" fill="none" stroke="#ff7a3d" stroke-width="5" stroke-linecap="round" stroke-linejoin="round" />
    </Picture>
  );
}

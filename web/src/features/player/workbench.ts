import type { ComponentChildren } from "preact";

import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import type { Ground } from "./view-switch.tsx";
import type { View } from "./view.ts";

/** What the player lends to another feature. */
export interface Bench {
  result: Result;
  playback: Playback;
  view: View;
  ground: Ground;
  /** A result without a picture of the wall stays on the video. */
  setGround: (ground: Ground) => void;
  /** Shows this frame where it can be seen. */
  onJump: (frame: number) => void;
}

/** What another feature does on the player's picture. While it is open, it takes the place of the controls. */
export interface Workbench {
  isOpen: boolean;
  onStage: (bench: Bench) => ComponentChildren;
  panel: (bench: Bench) => ComponentChildren;
  /** Stands below the controls while it is closed. */
  card: (bench: Bench) => ComponentChildren;
}

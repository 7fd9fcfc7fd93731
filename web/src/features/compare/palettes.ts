import type { Palette } from "../player/draw.ts";
import type { SideName } from "./comparison.ts";

/** Chalk and pink: far from the colors of left and right, and apart from each other by lightness too. */
export const sideColors: Record<SideName, string> = { first: "#f6f1ea", second: "#ff6fc0" };

function oneColor(color: string): Palette {
  return { sides: { left: color, right: color, middle: color }, center: color };
}

/** Two bodies in one picture: whose it is matters more than left and right. */
export const palettes: Record<SideName, Palette> = { first: oneColor(sideColors.first), second: oneColor(sideColors.second) };

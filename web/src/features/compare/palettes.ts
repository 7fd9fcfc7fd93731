import type { Palette } from "../player/draw.ts";
import type { SideName } from "./comparison.ts";

/** Chalk and pink: far from the colors of left and right, and apart from each other by lightness too. */
export const sideColors: Record<SideName, string> = { first: "#f6f1ea", second: "#ff6fc0" };

function oneColor(color: string, weight: number): Palette {
  return { sides: { left: color, right: color, middle: color }, center: color, weight };
}

/** Two bodies in one picture: whose it is matters more than left and right. The one below is wider, to be seen where both are in one place. */
export const palettes: Record<SideName, Palette> = { first: oneColor(sideColors.first, 0.7), second: oneColor(sideColors.second, 1.6) };

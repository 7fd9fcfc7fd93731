import type { Pair } from "./use-pair.ts";
import { words } from "./words.ts";

/** Two pictures, one video with both bodies, or the wall with both. */
export type Ground = "video" | "overlaid" | "wall";
const grounds: readonly Ground[] = ["video", "overlaid", "wall"];

/** Why the two cannot be shown so; null: they can. */
export function obstacleOf(pair: Pair, ground: Ground): string | null {
  const { first, second } = pair.results;
  if (ground === "video") return null;
  if (first.wall === null || second.wall === null) return words().noOverlay;
  return ground === "wall" && first.facts.wall?.picture == null ? words().noWall : null;
}

export function GroundChoice({ pair, ground, onChange }: { pair: Pair | null; ground: Ground; onChange: (ground: Ground) => void }) {
  const obstacles = grounds.map((one) => (pair === null ? null : obstacleOf(pair, one)));
  const obstacle = obstacles.find((one) => one !== null);
  return (
    <div class="pair-grounds">
      <div class="view-choice" role="group" aria-label={words().viewLabel}>
        {grounds.map((one, place) => (
          <button
            key={one}
            type="button"
            class="view-button"
            aria-pressed={ground === one}
            aria-disabled={obstacles[place] !== null || pair === null}
            onClick={() => obstacles[place] === null && pair !== null && onChange(one)}
            data-testid={`ground-${one}`}
          >
            {words().views[one]}
          </button>
        ))}
      </div>
      {obstacle !== undefined && <p class="facts-note">{obstacle}</p>}
    </div>
  );
}

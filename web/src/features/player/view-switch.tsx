import type { Result } from "./result.ts";
import { toldIn } from "./told.ts";
import { words } from "./words.ts";

export type Ground = "video" | "wall";

/** Why there is no wall to look at; null: there is one. */
export function wallObstacle({ facts }: Result): string | null {
  const { wall } = facts;
  const { noWall, noPicture, noPictureBecause } = words();
  if (wall == null) return noWall;
  if (wall.picture === null) return wall.reason === "" ? noPicture : noPictureBecause(toldIn(wall.reason, wall.reason_in).text);
  return null;
}

/** The skeleton on the video, or on the wall with the camera standing still. */
export function ViewSwitch({ result, ground, onChange }: { result: Result | null; ground: Ground; onChange: (ground: Ground) => void }) {
  if (result === null) return <div class="view-switch" />; // keeps the room, so that nothing jumps
  if (result.facts.wall === undefined) return null; // from before walls were followed: nothing is known of it
  const obstacle = wallObstacle(result);
  const { ground: title, grounds } = words();
  return (
    <div class="view-switch">
      <div class="view-choice" role="group" aria-label={title}>
        <button type="button" class="view-button" aria-pressed={ground === "video"} onClick={() => onChange("video")} data-testid="view-video">
          {grounds.video}
        </button>
        <button type="button" class="view-button" aria-pressed={ground === "wall"} aria-disabled={obstacle !== null} onClick={() => obstacle === null && onChange("wall")} data-testid="view-wall">
          {grounds.wall}
        </button>
      </div>
      {obstacle !== null && (
        <p class="facts-note" data-testid="no-wall">
          {obstacle}
        </p>
      )}
    </div>
  );
}

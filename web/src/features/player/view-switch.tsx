import type { Result } from "./result.ts";

export type Ground = "video" | "wall";

/** Why there is no wall to look at; null: there is one. */
export function wallObstacle({ facts }: Result): string | null {
  const { wall } = facts;
  if (wall == null) return "The wall could not be followed in this clip: too little of it stands still.";
  if (wall.picture === null) return wall.reason === "" ? "Too little of the wall is seen to make a picture of it." : `There is no picture of the wall: ${wall.reason}.`;
  return null;
}

/** The skeleton on the video, or on the wall with the camera standing still. */
export function ViewSwitch({ result, ground, onChange }: { result: Result | null; ground: Ground; onChange: (ground: Ground) => void }) {
  if (result === null) return <div class="view-switch" />; // keeps the room, so that nothing jumps
  if (result.facts.wall === undefined) return null; // from before walls were followed: nothing is known of it
  const obstacle = wallObstacle(result);
  return (
    <div class="view-switch">
      <div class="view-choice" role="group" aria-label="What the skeleton is drawn on">
        <button type="button" class="view-button" aria-pressed={ground === "video"} onClick={() => onChange("video")} data-testid="view-video">
          Video
        </button>
        <button type="button" class="view-button" aria-pressed={ground === "wall"} aria-disabled={obstacle !== null} onClick={() => obstacle === null && onChange("wall")} data-testid="view-wall">
          Wall
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

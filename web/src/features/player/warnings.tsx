import "./facts.css";

import type { ResultFacts } from "./result.ts";

const titles: Record<string, string> = {
  low_resolution: "Few pixels",
  hdr: "HDR clip",
  mirrored: "Mirrored clip",
  several_videos: "More than one video",
  low_frame_rate: "Low frame rate",
  slow_motion: "Slow motion",
  short_clip: "Short clip",
  uneven_frames: "Uneven frames",
  frames_missing: "Missing frames",
  frames_damaged: "Damaged frames",
  end_missing: "The end is missing",
  times_out_of_order: "Times out of order",
  interlaced: "Interlaced clip",
  size_changes: "The picture changes size",
  dark: "Dark picture",
  low_contrast: "Little contrast",
  overexposed: "Too bright",
  blurred: "Blurred climber",
  cut: "Cut in the clip",
  frozen: "The picture stands still",
  repeated_frames: "Repeated frames",
  climber_small: "Small climber",
  climber_large: "Climber too close",
  body_cut_off: "Body not all in view",
  climber_often_not_found: "Climber often not found",
  joints_often_hidden: "Joints often hidden",
  wall_lost: "The wall is lost now and then",
  camera_shakes: "Shaking camera",
};

/** What to know about the numbers of this clip, and how to film better: a title each, then the sentence of the result. */
export function Warnings({ warnings }: { warnings: ResultFacts["warnings"] }) {
  if (warnings.length === 0) return null;
  return (
    <section class="facts warnings">
      <h2>About this clip</h2>
      <ul data-testid="warnings">
        {warnings.map(({ code, detail }, place) => (
          <li key={`${code} ${place}`} data-code={code}>
            <h3>{titles[code] ?? titleOf(code)}</h3>
            <p>{detail}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A code that this client does not know, as words. */
function titleOf(code: string): string {
  const words = code.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

import type { Analysis } from "./state.ts";

const stageWords: Record<string, string> = {
  download: "Fetching the video",
  fetch: "Fetching the video",
  probe: "Opening the video",
  decode: "Opening the video",
  poses: "Finding your body, frame by frame",
  filter: "Smoothing the movement",
  metrics: "Measuring angles and balance",
  measures: "Measuring angles and balance",
  encode: "Packing the result",
  store: "Saving the result",
};

/** What is going on, in words. A stage that this client does not know is shown by its name. */
export function stageOf(analysis: Analysis): string {
  if (analysis.state === "queued") return "Waiting for a free worker";
  if (analysis.stage === null) return "Starting";
  return stageWords[analysis.stage] ?? analysis.stage.replaceAll("_", " ");
}

export const stateWords: Record<Analysis["state"], string> = {
  queued: "Queued",
  processing: "Analyzing",
  completed: "Ready",
  failed: "Failed",
  canceled: "Canceled",
};

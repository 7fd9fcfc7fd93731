import type { Analysis } from "./state.ts";

const stageWords: Record<string, string> = {
  starting: "Starting",
  fetching: "Fetching the video",
  poses: "Finding your body",
  measures: "Measuring angles and balance",
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

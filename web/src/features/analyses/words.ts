import { wordsIn } from "../../lib/language.ts";
import type { Analysis } from "./state.ts";
import { en } from "./words-en.ts";
import { fr } from "./words-fr.ts";

export const words = wordsIn({ en, fr });

/** What is going on, in words. A stage that this client does not know is shown by its name. */
export function stageOf(analysis: Analysis): string {
  const { stages, queued } = words();
  if (analysis.state === "queued") return queued;
  if (analysis.stage === null) return stages.starting;
  const known: Readonly<Record<string, string>> = stages;
  return known[analysis.stage] ?? analysis.stage.replaceAll("_", " ");
}

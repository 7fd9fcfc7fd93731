import { aboutWords } from "../../lib/grade-words.ts";
import type { ClimbRoute } from "./requests.ts";

/** "6b · about 5.10c (YDS)" */
export function gradeOf({ grade, scale }: Pick<ClimbRoute, "grade" | "scale">): string {
  if (grade === null) return "";
  return [grade, scale === null ? "" : aboutWords({ scale, text: grade })].filter((part) => part !== "").join(" · ");
}

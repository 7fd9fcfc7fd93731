import { converted, gradeIn, preferredScale, type Grade, type Scale } from "./grades.ts";
import { words } from "./words.ts";

export const scaleWords = (scale: Scale) => words().scales[scale];

/** "about 5.10d (YDS)": the grade that a route's name ends with, in the reader's scale; empty where there is nothing to say. */
export const gradeWords = (name: string) => aboutWords(gradeIn(name));

/** The same of a grade that somebody told. */
export function aboutWords(grade: Grade | null): string {
  const scale = preferredScale.get();
  if (grade === null || scale === null || scale === grade.scale) return "";
  const found = converted(grade, scale);
  if (found === null) return "";
  const [least, most] = found;
  return words().aboutGrade(least === most ? least : `${least}–${most}`, scaleWords(scale));
}

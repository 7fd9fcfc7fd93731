import { converted, gradeIn, preferredScale } from "../../lib/grades.ts";
import { words } from "./words.ts";

/** "about 5.10d (YDS)": the grade that a route's name ends with, in the reader's scale; empty where there is nothing to say. */
export function gradeWords(name: string): string {
  const grade = gradeIn(name);
  const scale = preferredScale.get();
  if (grade === null || scale === null || scale === grade.scale) return "";
  const found = converted(grade, scale);
  if (found === null) return "";
  const [least, most] = found;
  const { aboutGrade, scales } = words();
  return aboutGrade(least === most ? least : `${least}–${most}`, scales[scale]);
}

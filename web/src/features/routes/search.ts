import type { ClimbRoute } from "./requests.ts";

/** Whether name, grade or wall hold the text, whatever its capitals and accents: "ete" finds "Été". */
export function isNamedLike({ name, grade, wall }: Pick<ClimbRoute, "name" | "grade" | "wall">, text: string): boolean {
  const wanted = plain(text);
  return [name, grade, wall].some((told) => told !== null && plain(told).includes(wanted)) || wanted === "";
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{Mark}/gu, "").trim().toLowerCase();
}

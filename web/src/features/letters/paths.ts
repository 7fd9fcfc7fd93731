const letterPaths = ["/forgot", "/sent", "/reset", "/verify"] as const;
export type LetterPath = (typeof letterPaths)[number];

/** The page of a letter that this address stands for; null: none. */
export function letterPath(path: string): LetterPath | null {
  return letterPaths.find((known) => known === path) ?? null;
}

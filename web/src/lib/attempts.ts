/** How one attempt of a climb ended, and its score. */
export interface AttemptBrief {
  outcome: string;
  /** 0 to 100; null: too little was measured. */
  score: number | null;
}

/** The attempts in a climb's summary, in their order; null in results from before attempts were counted. */
export function attemptsIn(summary: Readonly<Record<string, unknown>>): readonly AttemptBrief[] | null {
  const attempts = summary["attempts"];
  if (!Array.isArray(attempts)) return null;
  return attempts.map((one: unknown) => {
    const { outcome, axes } = fieldsOf(one);
    const { score } = fieldsOf(axes);
    return { outcome: typeof outcome === "string" ? outcome : "unknown", score: typeof score === "number" ? score : null };
  });
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

import { formatClock } from "../../lib/format.ts";
import { percentWords } from "../../lib/terms.ts";
import type { AttemptRead, Finding } from "./coaching.ts";

const kindWords: Record<Finding["kind"], string> = { fault: "To work on", strength: "Well done", note: "Worth knowing" };
const mostMoments = 8;

interface Props {
  advice: AttemptRead["advice"];
  onJump: (frame: number) => void;
}

/** The first three things to know, the rest behind them, and what could not be judged. */
export function Advice({ advice: { top, further, blanks }, onJump }: Props) {
  return (
    <section class="facts advice" data-testid="advice">
      <h2>Advice</h2>
      {top.length + further.length === 0 && <p>Nothing was found that a coach would point at, neither good nor bad.</p>}
      {top.length > 0 && <FindingList findings={top} onJump={onJump} />}
      {further.length > 0 && (
        <details open={top.length === 0}>
          <summary>{top.length > 0 ? `${further.length} more` : "What happened"}</summary>
          <FindingList findings={further} onJump={onJump} />
        </details>
      )}
      {blanks.length > 0 && (
        <div class="facts-note advice-blanks" data-testid="blanks">
          <h3>Not judged</h3>
          {blanks.map(({ reason, sentence }) => (
            <p key={reason}>{sentence}</p>
          ))}
        </div>
      )}
    </section>
  );
}

function FindingList({ findings, onJump }: { findings: readonly Finding[]; onJump: (frame: number) => void }) {
  return (
    <ol class="findings">
      {findings.map((finding) => (
        <li key={`${finding.code}${finding.at_s}`} data-kind={finding.kind} data-testid="finding">
          <p class="finding-kind">
            {kindWords[finding.kind]} · {percentWords(finding.confidence)} sure
          </p>
          <h3>{finding.title}</h3>
          <p>{finding.sentence}</p>
          <Moments finding={finding} onJump={onJump} />
          <details>
            <summary>{finding.drill === null ? "Why it matters" : "Why, and what to practice"}</summary>
            <p>{finding.why}</p>
            {finding.drill !== null && (
              <p>
                <strong>{finding.drill.title}.</strong> {finding.drill.how}
              </p>
            )}
            <p class="facts-note">
              {finding.basis} Source: {finding.source}.
            </p>
          </details>
        </li>
      ))}
    </ol>
  );
}

/** A button for every time that it was seen. */
function Moments({ finding: { spans, title }, onJump }: { finding: Finding; onJump: (frame: number) => void }) {
  return (
    <div class="moments">
      {spans.slice(0, mostMoments).map(({ start_frame: frame, start_s: startS }) => (
        <button key={frame} type="button" class="button moment" aria-label={`${title}: go to ${formatClock(startS)}`} onClick={() => onJump(frame)} data-frame={frame} data-testid="moment">
          {formatClock(startS)}
        </button>
      ))}
      {spans.length > mostMoments && <span class="facts-note">and {spans.length - mostMoments} more</span>}
    </div>
  );
}

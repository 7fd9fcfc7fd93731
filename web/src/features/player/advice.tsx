import { formatClock } from "../../lib/format.ts";
import { percentWords } from "../../lib/terms.ts";
import type { AttemptRead, Finding } from "./coaching.ts";
import { words } from "./words.ts";

const mostMoments = 8;

interface Props {
  advice: AttemptRead["advice"];
  onJump: (frame: number) => void;
}

/** The first three things to know, the rest behind them, and what could not be judged. */
export function Advice({ advice: { top, further, blanks }, onJump }: Props) {
  const { advice, adviceNone, adviceMore, adviceHappened, notJudged } = words();
  return (
    <section class="facts advice" data-testid="advice">
      <h2>{advice}</h2>
      {top.length + further.length === 0 && <p>{adviceNone}</p>}
      {top.length > 0 && <FindingList findings={top} onJump={onJump} />}
      {further.length > 0 && (
        <details open={top.length === 0}>
          <summary>{top.length > 0 ? adviceMore(further.length) : adviceHappened}</summary>
          <FindingList findings={further} onJump={onJump} />
        </details>
      )}
      {blanks.length > 0 && (
        <div class="facts-note advice-blanks" data-testid="blanks">
          <h3>{notJudged}</h3>
          {blanks.map(({ reason, sentence }) => (
            <p key={reason}>{sentence}</p>
          ))}
        </div>
      )}
    </section>
  );
}

function FindingList({ findings, onJump }: { findings: readonly Finding[]; onJump: (frame: number) => void }) {
  const { adviceKinds, sure, why, whyAndDrill, source } = words();
  return (
    <ol class="findings">
      {findings.map((finding) => (
        <li key={`${finding.code}${finding.at_s}`} data-kind={finding.kind} data-testid="finding">
          <p class="finding-kind">
            {adviceKinds[finding.kind]} · {sure(percentWords(finding.confidence))}
          </p>
          <h3>{finding.title}</h3>
          <p>{finding.sentence}</p>
          <Moments finding={finding} onJump={onJump} />
          <details>
            <summary>{finding.drill === null ? why : whyAndDrill}</summary>
            <p>{finding.why}</p>
            {finding.drill !== null && (
              <p>
                <strong>{finding.drill.title}.</strong> {finding.drill.how}
              </p>
            )}
            <p class="facts-note">
              {finding.basis} {source(finding.source)}
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
        <button key={frame} type="button" class="button moment" aria-label={words().goTo(title, formatClock(startS))} onClick={() => onJump(frame)} data-frame={frame} data-testid="moment">
          {formatClock(startS)}
        </button>
      ))}
      {spans.length > mostMoments && <span class="facts-note">{words().momentsMore(spans.length - mostMoments)}</span>}
    </div>
  );
}

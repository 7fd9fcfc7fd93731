import { useEffect, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { wait } from "../../lib/backoff.ts";
import { formatDay } from "../../lib/format.ts";
import { news } from "../../lib/live-news.ts";
import { useStep } from "../../lib/use-step.ts";
import { useStore } from "../../lib/use-store.ts";
import { answerWhere, askWhere, lookWhere, type Recognition, type Suggestion } from "./requests.ts";
import { gradeOf } from "./told-grade.ts";
import { words } from "./words.ts";

const pollS = 2;
const mostPolls = 15;

interface Props {
  analysisId: string;
  onSame: () => void;
  onOther: () => void;
}

/** Which earlier wall a climb is like, asked as a question; nothing while that is not known. */
export function Suggested({ analysisId, onSame, onOther }: Props) {
  const [found, setFound] = useState<Recognition | null>(null);
  const [round, setRound] = useState(0);
  const { isBusy, error, take } = useStep();
  const told = useStore(news);
  const isWorking = found?.state === "working" && round < mostPolls;
  const change = isWorking && told?.["recognition_id"] !== undefined ? told : null;
  useEffect(() => {
    const leaving = new AbortController();
    const ask = round === 0 ? askWhere : lookWhere;
    ask(analysisId, leaving.signal)
      .then(setFound)
      .catch(() => undefined); // the name can be written all the same
    return () => leaving.abort();
  }, [analysisId, round, change]);
  useEffect(() => {
    if (!isWorking) return undefined;
    const leaving = new AbortController();
    wait(pollS, leaving.signal)
      .then(() => setRound((last) => last + 1))
      .catch(() => undefined); // left, or told before
    return () => leaving.abort();
  }, [isWorking, round, found]);
  const suggestion = found?.answer === null ? found.suggestion : null;
  if (suggestion === null) return null;
  const say = words();
  const reply = (said: NonNullable<Recognition["answer"]>) =>
    take(async () => {
      await answerWhere(analysisId, said);
      setFound({ state: "done", suggestion, answer: said });
      if (said === "same") onSame();
      else onOther();
    });
  const ask = suggestion.is_same_route ? say.like : say.sameWall;
  return (
    <div class="route-suggested" role="group" aria-label={say.suggestion} data-testid="route-suggested">
      <p>
        {ask(nameOf(suggestion), formatDay(suggestion.climbed_at))} <small>{say.sure(Math.round(100 * suggestion.confidence))}</small>
      </p>
      {error !== null && <Notice kind="error">{error}</Notice>}
      <div class="facts-actions">
        {([["same", say.yes], ["other_route", say.other], ["no", say.no]] as const).map(([said, label]) => (
          <button key={said} type="button" class="button" disabled={isBusy} onClick={() => reply(said)} data-testid={`suggested-${said}`}>
            {label}
          </button>
        ))}
      </div>
    </div>
  );
}

function nameOf({ route, grade, scale }: Suggestion): string {
  const said = gradeOf({ grade, scale });
  return said === "" ? `“${route}”` : `“${route}” (${said})`;
}

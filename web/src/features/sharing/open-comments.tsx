import { useCallback, useId, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { formatClock, formatWhen } from "../../lib/format.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { useStep } from "../../lib/use-step.ts";
import { loadOpenComments, type OpenComment, type OpenCommentPage } from "./requests.ts";
import { words } from "./words.ts";

/** What waits for a word of the coach, over all climbers; each leads to its moment in the clip. */
export function OpenComments() {
  const first = useLoaded(useCallback((signal: AbortSignal) => loadOpenComments(null, signal), []));
  const [others, setOthers] = useState<OpenCommentPage[]>([]);
  const { isBusy, error, take } = useStep();
  const titleId = useId();
  const { openComments, openCommentsText, noOpenComments, more } = words();
  const reason = first.reason ?? error;
  const pages = first.value === null ? [] : [first.value, ...others];
  const comments = pages.flatMap(({ items }) => items);
  const cursor = pages.at(-1)?.next_cursor ?? null;
  const next = () =>
    take(async () => {
      const page = await loadOpenComments(cursor, new AbortController().signal);
      setOthers([...others, page]);
    });
  return (
    <section class="account" aria-labelledby={titleId} data-testid="open-comments">
      <h2 id={titleId}>{openComments}</h2>
      {reason !== null && <Notice kind="error">{reason}</Notice>}
      {first.value !== null && <p>{comments.length === 0 ? noOpenComments : openCommentsText}</p>}
      <ul class="row-list coached-list">
        {comments.map((comment) => (
          <Waiting key={comment.id} comment={comment} />
        ))}
      </ul>
      {cursor !== null && (
        <button type="button" class="button" disabled={isBusy} onClick={next}>
          {more}
        </button>
      )}
    </section>
  );
}

function Waiting({ comment }: { comment: OpenComment }) {
  const { coach, isNew } = words();
  const { at_s, climber, by, name, created_at } = comment;
  const climb = comment.route ?? comment.file_name;
  const clock = formatClock(at_s);
  const who = by === "coach" ? `${name} (${coach}), ${climber}` : climber;
  return (
    <li data-testid="open-comment">
      <span>
        <Link href={`/climbers/${comment.coached_id}/climbs/${comment.analysis_id}?at=${at_s}`} data-testid="to-comment">
          <strong>
            {climb} · {clock}
          </strong>
        </Link>
        <span class="comment-text">{comment.text}</span>
        <span class="account-soft">
          {who} · {formatWhen(created_at)} {comment.is_new && <em>{isNew}</em>}
        </span>
      </span>
    </li>
  );
}

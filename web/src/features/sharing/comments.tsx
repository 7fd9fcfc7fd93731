import "./sharing.css";

import { useCallback, useEffect, useId, useMemo, useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { formatClock, formatWhen } from "../../lib/format.ts";
import { news } from "../../lib/live-news.ts";
import { showToast } from "../../lib/toast.ts";
import { useStore } from "../../lib/use-store.ts";
import { useStep } from "../../lib/use-step.ts";
import type { Talk, TalkTools } from "../player/stage.tsx";
import { changeComment, deleteComment, loadComments, restoreComment, writeComment, type Client, type Comment } from "./requests.ts";
import { useLoaded, type Loaded } from "../../lib/use-loaded.ts";
import { words } from "./words.ts";

interface Props {
  analysisId: string;
  client: Client;
  mayWrite: boolean;
  /** The moment that a link is about. */
  beginAtS?: number | null;
}

/** What was said about a climb, for the player: the list below the picture, its moments on the timeline. */
export function useTalk({ analysisId, client, mayWrite, beginAtS = null }: Props): Talk {
  const comments = useLoaded(useCallback((signal: AbortSignal) => loadComments(client, analysisId, signal), [client, analysisId]));
  const { value, reload } = comments;
  const told = useStore(news);
  useEffect(() => {
    if (told?.type === "comments.changed" && told["comments_id"] === analysisId) reload();
  }, [told, analysisId, reload]);
  return useMemo(
    () => ({
      momentsS: value?.map(({ at_s }) => at_s) ?? [],
      panel: (tools) => <Comments analysisId={analysisId} comments={comments} mayWrite={mayWrite} tools={tools} />,
      beginAtS,
    }),
    [analysisId, comments, value, mayWrite, beginAtS],
  );
}

function Comments({ analysisId, comments: { value, reason, reload }, mayWrite, tools }: { analysisId: string; comments: Loaded<Comment[]>; mayWrite: boolean; tools: TalkTools }) {
  const say = words();
  const titleId = useId();
  return (
    <section class="facts comments" aria-labelledby={titleId} data-testid="comments">
      <h2 id={titleId}>{say.comments}</h2>
      {reason !== null && <Notice kind="info">{reason}</Notice>}
      {value !== null && value.length === 0 && <p class="facts-note" data-testid="comments-empty">{say.noComments}</p>}
      {value !== null && value.length > 0 && (
        <ol>
          {value.map((comment) => (
            <Said key={comment.id} analysisId={analysisId} comment={comment} onJump={tools.onJump} onChange={reload} />
          ))}
        </ol>
      )}
      {mayWrite && <SayForm analysisId={analysisId} nowS={tools.nowS} onSaid={reload} />}
    </section>
  );
}

interface SaidProps {
  analysisId: string;
  comment: Comment;
  onJump: (atS: number) => void;
  onChange: () => void;
}

function Said({ analysisId, comment, onJump, onChange }: SaidProps) {
  const [isChanging, setChanging] = useState(false);
  const { isBusy, error, take } = useStep();
  const say = words();
  const clock = formatClock(comment.at_s);
  const restore = () => {
    restoreComment(analysisId, comment.id)
      .then(onChange)
      .catch((cause: unknown) => showToast(asRequestError(cause).message));
  };
  const remove = () =>
    take(async () => {
      await deleteComment(analysisId, comment.id);
      showToast(say.removed, restore);
      onChange();
    });
  return (
    <li data-testid="comment">
      <div class="comment-head">
        <button type="button" class="comment-jump" onClick={() => onJump(comment.at_s)} aria-label={say.jump(clock)} data-testid="comment-jump">
          {clock}
        </button>
        <span>
          <strong>{authorOf(comment)}</strong>{" "}
          <span class="comment-when">
            {formatWhen(comment.created_at)}
            {comment.edited_at !== null && ` · ${say.edited}`}
          </span>
        </span>
      </div>
      {error !== null && <Notice kind="error">{error}</Notice>}
      {isChanging ? (
        <ChangeForm analysisId={analysisId} comment={comment} onDone={() => setChanging(false)} onChange={onChange} />
      ) : (
        <p class="comment-text">{comment.text}</p>
      )}
      {!isChanging && comment.may_delete && (
        <div class="comment-actions">
          {comment.is_mine && (
            <button type="button" class="button button-quiet" onClick={() => setChanging(true)} aria-label={say.changeNamed(clock)} data-testid="comment-change">
              {say.change}
            </button>
          )}
          <button type="button" class="button button-quiet button-danger" disabled={isBusy} onClick={remove} aria-label={say.removeNamed(clock)} data-testid="comment-delete">
            {say.remove}
          </button>
        </div>
      )}
    </li>
  );
}

function authorOf({ by, name, is_mine }: Comment): string {
  const { yours, climber, coach } = words();
  const role = by === "climber" ? climber : coach;
  if (is_mine) return yours;
  return name === null ? role : `${name} (${role})`;
}

function ChangeForm({ analysisId, comment, onDone, onChange }: { analysisId: string; comment: Comment; onDone: () => void; onChange: () => void }) {
  const { isBusy, error, take } = useStep();
  const field = useRef<HTMLTextAreaElement>(null);
  const say = words();
  useEffect(() => field.current?.focus(), []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const text = field.current?.value.trim() ?? "";
    if (text === "") return;
    take(async () => {
      await changeComment(analysisId, comment.id, text);
      onChange();
      onDone();
    });
  };
  return (
    <form class="comment-form" onSubmit={submit}>
      <textarea ref={field} defaultValue={comment.text} maxLength={2000} rows={3} required aria-label={say.commentText} data-testid="comment-changed" />
      {error !== null && <Notice kind="error">{error}</Notice>}
      <div class="comment-actions">
        <button type="submit" class="button button-primary" disabled={isBusy} data-testid="comment-save">
          {say.save}
        </button>
        <button type="button" class="button" onClick={onDone}>
          {say.cancel}
        </button>
      </div>
    </form>
  );
}

/** The moment that is on screen when the field is entered is the one that is talked about. */
function SayForm({ analysisId, nowS, onSaid }: { analysisId: string; nowS: () => number; onSaid: () => void }) {
  const [text, setText] = useState("");
  const [atS, setAtS] = useState<number | null>(null);
  const { isBusy, error, take } = useStep();
  const fieldId = useId();
  const say = words();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() === "") return;
    take(async () => {
      await writeComment(analysisId, atS ?? nowS(), text.trim());
      setText("");
      setAtS(null);
      onSaid();
    });
  };
  return (
    <form class="comment-form" onSubmit={submit}>
      <div class="field">
        <label for={fieldId}>{atS === null ? say.sayNow : say.sayAt(formatClock(atS))}</label>
        <textarea
          id={fieldId}
          value={text}
          maxLength={2000}
          rows={2}
          placeholder={say.placeholder}
          onFocus={() => text === "" && setAtS(nowS())}
          onInput={(event) => setText(event.currentTarget.value)}
          data-testid="comment-text"
        />
      </div>
      {error !== null && <Notice kind="error">{error}</Notice>}
      <button type="submit" class="button button-primary" disabled={isBusy || text.trim() === ""} data-testid="comment-say">
        {say.say}
      </button>
    </form>
  );
}

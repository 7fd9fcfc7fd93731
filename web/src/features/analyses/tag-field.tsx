import "./tag-field.css";

import { useId, useRef } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { announce } from "../../lib/announcement.ts";
import { useStep } from "../../lib/use-step.ts";
import { tagClimb } from "./analyses.ts";
import { useLabels } from "./labels.ts";
import type { Analysis } from "./state.ts";
import { words } from "./words.ts";

const mostTags = 10;
const mostChars = 30;

/** What the climber calls this climb beside its route; each change is kept at once. */
export function TagField({ analysis }: { analysis: Analysis }) {
  const { tags } = analysis;
  const { tags: own } = useLabels();
  const { isBusy, error, take } = useStep();
  const field = useRef<HTMLInputElement>(null);
  const [titleId, listId] = [useId(), useId()];
  const has = (tag: string) => tags.some((one) => one.toLowerCase() === tag.toLowerCase());
  const { title, add, next, remove, added, removed, full } = words().tags;

  const put = (event: Event) => {
    event.preventDefault();
    const input = field.current;
    const tag = input?.value.trim() ?? "";
    if (input === null || tag === "") return;
    take(async () => {
      if (!has(tag)) await tagClimb(analysis, (now) => [...now, tag]);
      input.value = "";
      announce(added(tag));
    });
  };
  const drop = (tag: string) =>
    take(async () => {
      await tagClimb(analysis, (now) => now.filter((one) => one !== tag));
      announce(removed(tag));
      field.current?.focus({ preventScroll: true }); // its button went with it
    });

  return (
    <section class="facts tag-field" aria-labelledby={titleId} data-testid="tags">
      <h2 id={titleId}>{title}</h2>
      {tags.length > 0 && (
        <ul>
          {tags.map((tag) => (
            <li key={tag} data-testid="tag">
              {tag}
              <button type="button" class="button button-quiet button-icon" aria-label={remove(tag)} aria-disabled={isBusy} onClick={() => drop(tag)} data-testid="tag-remove">
                <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {tags.length < mostTags ? (
        <form onSubmit={put}>
          <label>
            {next}
            <input ref={field} maxLength={mostChars} list={listId} autocomplete="off" data-testid="tag-text" />
          </label>
          <datalist id={listId}>
            {own.filter((tag) => !has(tag)).map((tag) => <option key={tag} value={tag} />)}
          </datalist>
          <button type="submit" class="button" aria-disabled={isBusy} data-testid="tag-add">
            {add}
          </button>
        </form>
      ) : (
        <p>{full(mostTags)}</p>
      )}
      {error !== null && <Notice kind="error">{error}</Notice>}
    </section>
  );
}

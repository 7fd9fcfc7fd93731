import "./still.css";

import { useEffect, useRef, useState } from "preact/hooks";

import { DownloadIcon, RedoIcon, ShareIcon, TrashIcon, UndoIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { useStore } from "../../lib/use-store.ts";
import { changed, isComplete, redone, toolNames, undone, type Shape } from "./shapes.ts";
import { chooseTool, colors, keep, type Sketch } from "./sketch.ts";
import { canShare, save, share, type Still } from "./still.ts";
import { words } from "./words.ts";

const longestText = 80;

interface Props {
  still: Still;
  sketch: Sketch;
  onClose: () => void;
}

/** With what is drawn, in which color, and what becomes of it. */
export function StillPanel({ still, sketch, onClose }: Props) {
  const tool = useStore(sketch.tool);
  const draft = useStore(sketch.draft);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const say = words();
  return (
    <section class="still-panel" aria-label={say.title} data-testid="still-panel">
      <div class="still-head">
        <h2 ref={heading} tabIndex={-1}>
          {say.title}
        </h2>
        <button type="button" class="button" onClick={onClose} data-testid="still-close">
          {say.close}
        </button>
      </div>
      <div class="still-row" role="group" aria-label={say.tools}>
        {toolNames.map((name) => (
          <button key={name} type="button" class="button button-quiet still-tool" aria-pressed={tool === name} onClick={() => chooseTool(sketch, name)} data-testid={`still-${name}`}>
            {say.toolNames[name]}
          </button>
        ))}
      </div>
      <p class="still-hint" aria-live="polite">
        {draft !== null && tool === "angle" ? say.angleNext[Math.min(draft.points.length, 2)] : say.hints[tool]}
      </p>
      {draft?.tool === "text" && <TextField sketch={sketch} draft={draft} />}
      <Colors sketch={sketch} />
      <Endings still={still} sketch={sketch} />
    </section>
  );
}

function TextField({ sketch, draft }: { sketch: Sketch; draft: Shape }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), [draft.points]);
  const done = () => {
    if (isComplete(draft)) keep(sketch, draft);
  };
  return (
    <form
      class="still-text"
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
    >
      <label>
        <span class="visually-hidden">{words().text}</span>
        <input ref={field} type="text" maxLength={longestText} value={draft.text ?? ""} placeholder={words().text} onInput={(event) => sketch.draft.set({ ...draft, text: event.currentTarget.value })} data-testid="still-words" />
      </label>
      <button type="submit" class="button" data-testid="still-write">
        {words().write}
      </button>
    </form>
  );
}

function Colors({ sketch }: { sketch: Sketch }) {
  const color = useStore(sketch.color);
  return (
    <div class="still-row" role="group" aria-label={words().colors}>
      {Object.entries(colors).map(([name, value]) => (
        <button
          key={name}
          type="button"
          class="still-color"
          aria-label={words().colorNames[name as keyof typeof colors]}
          aria-pressed={color === value}
          data-color={name}
          onClick={() => sketch.color.set(value)}
          data-testid={`still-color-${name}`}
        />
      ))}
    </div>
  );
}

function Endings({ still, sketch }: { still: Still; sketch: Sketch }) {
  const history = useStore(sketch.history);
  const [isBusy, setBusy] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const say = words();
  const end = (way: typeof save) => {
    const { current } = sketch.drawn;
    if (current === null || isBusy) return;
    setBusy(true);
    setRefused(false);
    way(still, current)
      .catch(() => setRefused(true))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <div class="still-row">
        <button type="button" class="button button-icon" aria-label={say.undo} aria-disabled={history.before.length === 0} onClick={() => sketch.history.set(undone(history))} data-testid="still-undo">
          <UndoIcon />
        </button>
        <button type="button" class="button button-icon" aria-label={say.redo} aria-disabled={history.after.length === 0} onClick={() => sketch.history.set(redone(history))} data-testid="still-redo">
          <RedoIcon />
        </button>
        <button type="button" class="button button-icon" aria-label={say.clear} aria-disabled={history.now.length === 0} onClick={() => history.now.length > 0 && sketch.history.set(changed(history, []))} data-testid="still-clear">
          <TrashIcon />
        </button>
        <button type="button" class="button button-primary still-save" disabled={isBusy} onClick={() => end(save)} data-testid="still-save">
          <DownloadIcon /> {say.save}
        </button>
        {canShare() && (
          <button type="button" class="button" disabled={isBusy} onClick={() => end(share)} data-testid="still-share">
            <ShareIcon /> {say.share}
          </button>
        )}
      </div>
      {isRefused && (
        <Notice kind="error" testId="still-refused">
          {say.notSaved}
        </Notice>
      )}
    </>
  );
}

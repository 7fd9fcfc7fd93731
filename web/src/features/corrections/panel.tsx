import "../player/correction-panel.css";
import "./corrections.css";

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { showToast } from "../../lib/toast.ts";
import { useWayBack } from "../player/correction.ts";
import { wallObstacle } from "../player/view-switch.tsx";
import type { Bench } from "../player/workbench.ts";
import { ContactTool } from "./contact-tool.tsx";
import { countOf, editsOf, unplaced } from "./drafts.ts";
import { HoldTool } from "./hold-tool.tsx";
import { PointTool } from "./point-tool.tsx";
import type { Desk } from "./requests.ts";
import { tools, type Work } from "./work.ts";
import { words } from "./words.ts";

interface Props {
  bench: Bench;
  work: Work;
  desk: Desk;
}

/** The questions of the workbench: a tool, what it does, and the way out with or without sending. */
export function WorkPanel({ bench, work, desk }: Props) {
  const { panel, undo, close, send: sendWord, dropTitle, dropText, drop } = words();
  const { history, tool } = work;
  const { isBusy, error, send } = useSending(work, desk);
  const [isAsking, setAsking] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus({ preventScroll: true }), []);
  const count = countOf(history.now);
  const leave = () => (count > 0 ? setAsking(true) : work.close());
  useWayBack(true, leave);
  return (
    <section class="correction work" aria-label={panel} data-testid="work">
      <h2 class="visually-hidden" ref={title} tabIndex={-1}>
        {panel}
      </h2>
      <ToolChoice bench={bench} work={work} />
      {tool === "contact" && <ContactTool bench={bench} work={work} />}
      {tool === "hold" && <HoldTool bench={bench} work={work} />}
      {tool === "point" && <PointTool bench={bench} work={work} />}
      {error !== null && (
        <Notice kind="error" testId="work-error">
          {error}
        </Notice>
      )}
      <div class="correction-actions">
        <button type="button" class="button" onClick={history.undo} disabled={!history.canUndo} data-testid="undo">
          {undo}
        </button>
        <button type="button" class="button" onClick={leave} data-testid="work-close">
          {close}
        </button>
        <button type="button" class="button button-primary" aria-disabled={isBusy || count === 0} onClick={() => void send()} data-testid="work-send">
          {sendWord(count)}
        </button>
      </div>
      {isAsking && (
        <ConfirmDialog title={dropTitle} confirmLabel={drop} onConfirm={work.close} onClose={() => setAsking(false)}>
          {dropText(count)}
        </ConfirmDialog>
      )}
    </section>
  );
}

function useSending({ history, close }: Work, desk: Desk) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const send = async () => {
    const { noneYet, unplaced: unplacedWords, sent } = words();
    const count = countOf(history.now);
    if (isBusy) return;
    const obstacle = count === 0 ? noneYet : unplaced(history.now).length > 0 ? unplacedWords : null;
    setError(obstacle);
    if (obstacle !== null) return;
    setBusy(true);
    try {
      await desk.send(editsOf(history.now));
      showToast(sent(count));
      close();
    } catch (cause) {
      setError(asRequestError(cause).message);
      setBusy(false);
    }
  };
  return { isBusy, error, send };
}

function ToolChoice({ bench: { result, ground, setGround }, work: { tool, setTool } }: Omit<Props, "desk">) {
  const { tools: title, tool: names, onWall } = words();
  const hasClimb = result.facts.climb != null;
  return (
    <div class="work-tools">
      <div class="view-choice" role="group" aria-label={title}>
        {tools.map((name) => {
          const isOff = name !== "point" && !hasClimb;
          const choose = () => {
            if (isOff) return;
            setTool(name);
            if (name === "point") setGround("video");
          };
          return (
            <button key={name} type="button" class="view-button" aria-pressed={tool === name} aria-disabled={isOff} onClick={choose} data-testid={`tool-${name}`}>
              {names[name]}
            </button>
          );
        })}
      </div>
      {wallObstacle(result) === null && tool !== "point" && (
        <button type="button" class="layer" aria-pressed={ground === "wall"} onClick={() => setGround(ground === "wall" ? "video" : "wall")} data-testid="work-wall">
          {onWall}
        </button>
      )}
    </div>
  );
}

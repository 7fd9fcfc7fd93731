import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useMemo } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { formatWhen } from "../../lib/format.ts";
import { Player } from "../player/player.tsx";
import { SourceContext } from "../player/source.ts";
import { useTalk } from "./comments.tsx";
import { loadShared, sharedSource, type Client, type Shared } from "./requests.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { useWhileCopied } from "./use-while-copied.ts";
import { words } from "./words.ts";

interface Props {
  analysisId: string;
  client: Client;
  /** Shown where it is not shown any more. */
  gone: ComponentChildren;
  /** Beside the name. */
  back?: ComponentChildren;
  /** What else can be done with it. */
  actions?: ComponentChildren;
  /** The moment that is shown first. */
  beginAtS?: number | null;
}

const nothingTold = {};

/** Somebody else's climb: to look at, and for coaches to talk about. */
export function SharedClimb({ analysisId, client, gone, back, actions, beginAtS = null }: Props) {
  const { value, error, reason, reload } = useLoaded(useCallback((signal: AbortSignal) => loadShared(client, analysisId, signal), [client, analysisId]));
  useWhileCopied(value?.video === "under_way", reload);
  if (error?.status === 404) return <>{gone}</>;
  return (
    <main class="page climb-page shared-climb" data-testid="shared-climb">
      {reason !== null && <Notice kind="error">{reason}</Notice>}
      {value === null ? <p aria-busy="true">{words().loading}</p> : <Shown shared={value} client={client} back={back} actions={actions} beginAtS={beginAtS} />}
    </main>
  );
}

function Shown({ shared, client, back, actions, beginAtS = null }: { shared: Shared } & Pick<Props, "client" | "back" | "actions" | "beginAtS">) {
  const source = useMemo(() => sharedSource(client, shared.video), [client, shared.video]);
  const talk = useTalk({ analysisId: shared.id, client, mayWrite: shared.may_comment, beginAtS });
  const title = shared.title ?? shared.file_name ?? words().climb;
  useEffect(() => {
    document.title = `${title} · Ascension`;
  }, [title]);
  const facts = [...(shared.climber === null ? [] : [words().by(shared.climber)]), formatWhen(shared.created_at)];
  return (
    <SourceContext.Provider value={source}>
      <div class="climb-page-head">
        {back}
        <div class="climb-page-name">
          <h1 tabIndex={-1}>{title}</h1>
          <p>{facts.join(" · ")}</p>
        </div>
        {actions !== undefined && <div class="climb-page-actions">{actions}</div>}
      </div>
      <Player
        analysisId={shared.id}
        name={title}
        revision={shared.finished_at}
        isOriginal={false}
        videoId={shared.id}
        hasVideo={shared.video === "shown"}
        figures={shared.figures}
        choices={nothingTold}
        onCorrect={null}
        workbench={null}
        talk={shared.shows_comments ? talk : undefined}
      />
    </SourceContext.Provider>
  );
}

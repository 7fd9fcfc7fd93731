import { useCallback, useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { TrashRow } from "../../components/trash-row.tsx";
import { announce } from "../../lib/announcement.ts";
import { focusHeading } from "../../lib/focus.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { useStep } from "../../lib/use-step.ts";
import { forgetRoute, loadRemoved, restoreRoute, type RemovedRoute } from "./requests.ts";
import { words } from "./words.ts";

/** Routes that were removed: had back or removed for good. Nothing where there are none. */
export function RemovedRoutes() {
  const say = words();
  const { value: routes, reason, reload } = useLoaded(useCallback(loadRemoved, []));
  const { isBusy, error, take } = useStep();
  const [asked, setAsked] = useState<RemovedRoute | null>(null);
  if (routes === null || routes.length === 0) return reason === null ? null : <Notice kind="error">{reason}</Notice>;
  const act = (action: () => Promise<unknown>, said: string) =>
    take(async () => {
      await action();
      reload();
      announce(said);
      focusHeading({ preventScroll: true }); // the button goes with its row
    });
  return (
    <section data-testid="removed-routes">
      <h2>{say.removedRoutes}</h2>
      {error !== null && <Notice kind="error">{error}</Notice>}
      <ul class="row-list trash-list">
        {routes.map((one) => (
          <TrashRow
            key={one.id}
            id={one.id}
            name={one.name}
            about={` · ${say.comesBack(one.climbs, one.tries)}`}
            at={one.removed_at}
            goneAt={one.gone_at}
            isBusy={isBusy}
            onRestore={() => act(() => restoreRoute(one.id), say.restored(one.name))}
            onRemove={() => setAsked(one)}
          />
        ))}
      </ul>
      {asked !== null && (
        <ConfirmDialog title={say.forgetTitle} confirmLabel={say.forget} onConfirm={() => act(() => forgetRoute(asked.id), say.forgotten(asked.name))} onClose={() => setAsked(null)}>
          {say.forgetText(asked.name)}
        </ConfirmDialog>
      )}
    </section>
  );
}

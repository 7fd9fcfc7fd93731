import { loadAnalysis, nameRoute } from "../features/analyses/analyses.ts";
import type { Analysis } from "../features/analyses/state.ts";
import { TagField } from "../features/analyses/tag-field.tsx";
import { BodyNote } from "../features/climber/body-note.tsx";
import { RouteField } from "../features/routes/route-field.tsx";
import type { Choices } from "../lib/api.ts";

interface Props {
  analysis: Analysis;
  /** Which of its results is shown. */
  revision: string | null;
  /** Has it made anew with these; null: not now. */
  onAgain: ((choices: Choices) => Promise<void>) | null;
}

/** What a climber tells of a climb, below its player. */
export function ClimbMore({ analysis, revision, onAgain }: Props) {
  const { id, route, route_id, has_wall_picture, choices } = analysis;
  return (
    <div class="climb-page-more">
      <RouteField analysisId={id} route={route} routeId={route_id} hasWallPicture={has_wall_picture} onSave={(name) => nameRoute(analysis, name)} onChange={() => void loadAnalysis(id).catch(() => undefined)} />
      <TagField analysis={analysis} />
      <BodyNote key={revision} choices={choices} onAgain={onAgain} />
    </div>
  );
}

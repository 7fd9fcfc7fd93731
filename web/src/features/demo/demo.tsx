import { Notice } from "../../components/notice.tsx";
import { useLoaded } from "../../lib/use-loaded.ts";
import { Player } from "../player/player.tsx";
import { SourceContext } from "../player/source.ts";
import { exampleSource, loadFigures } from "./source.ts";
import { words } from "./words.ts";

const nothingTold = {};
const name = "example";

/** The real player on a real result, to look at. */
export function Demo() {
  const { value, reason } = useLoaded(loadFigures);
  if (value === null) return reason === null ? <p aria-busy="true">{words().loading}</p> : <Notice kind="error">{reason}</Notice>;
  return (
    <SourceContext.Provider value={exampleSource}>
      <Player name={words().title} analysisId={name} revision={null} isOriginal={false} videoId={name} hasVideo figures={value} choices={nothingTold} onCorrect={null} workbench={null} talk={undefined} />
    </SourceContext.Provider>
  );
}

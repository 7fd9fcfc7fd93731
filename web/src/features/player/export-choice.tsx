import { Notice } from "../../components/notice.tsx";
import { saveFile } from "../../lib/save-file.ts";
import { useStep } from "../../lib/use-step.ts";
import { fileName, framesTable, measuresTable } from "./export.ts";
import type { Result } from "./result.ts";
import { useSource } from "./source.ts";
import { words } from "./words.ts";

interface Props {
  analysisId: string;
  result: Result;
  name: string;
}

/** What is on screen as files; they are made here, from the result that the page has. */
export function ExportChoice({ analysisId, result, name }: Props) {
  const { tools: say } = words();
  const source = useSource();
  const { isBusy, error, take } = useStep();
  const saveTable = (text: string, ending: string) => saveFile(new Blob([text], { type: "text/csv" }), fileName(name, ending));
  const saveResult = async () => {
    const { signal } = new AbortController();
    const unpacked = new Response(await source.result(analysisId, false, signal)).body;
    // the browser unpacked it on the way: other programs know the packed form
    const packed = await new Response(unpacked?.pipeThrough(new CompressionStream("gzip"))).blob();
    saveFile(packed, fileName(name, "result.ascension.gz"));
  };
  return (
    <div class="tools-files" role="group" aria-label={say.export}>
      <button type="button" class="button" onClick={() => saveTable(framesTable(result), "frames.csv")} data-testid="save-frames">
        {say.frames}
      </button>
      {result.facts.climb != null && (
        <button type="button" class="button" onClick={() => saveTable(measuresTable(result), "measures.csv")} data-testid="save-measures">
          {say.measures}
        </button>
      )}
      <button type="button" class="button" disabled={isBusy} onClick={() => take(saveResult)} data-testid="save-result">
        {say.result}
      </button>
      <p class="facts-note">{say.resultNote}</p>
      {error !== null && <Notice kind="error">{error}</Notice>}
    </div>
  );
}

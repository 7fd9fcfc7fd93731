import "./source-picker.css";

import { useState } from "preact/hooks";

import { CameraIcon, FileIcon, SparkIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { startExample, startUpload } from "./uploads.ts";
import { words } from "./words.ts";

/** The three ways to a clip: the camera, a file, the example. */
export function SourcePicker() {
  const [error, setError] = useState<string | null>(null);
  const [isFetching, setFetching] = useState(false);
  const take = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    for (const file of input.files ?? []) void startUpload(file);
    input.value = ""; // the same file chosen again is a change again
  };
  const tryExample = async () => {
    setError(null);
    setFetching(true);
    try {
      await startExample();
    } catch (cause) {
      setError(asRequestError(cause).message);
    }
    setFetching(false);
  };
  return (
    <div class="sources">
      <label class="button button-primary source-film">
        <input class="visually-hidden" type="file" accept="video/*" capture="environment" onChange={take} data-testid="film" />
        <CameraIcon /> {words().film}
      </label>
      <label class="button source-choose">
        <input class="visually-hidden" type="file" accept="video/*" multiple onChange={take} data-testid="choose" />
        <FileIcon /> {words().choose}
      </label>
      <button type="button" class="button source-example" disabled={isFetching} onClick={() => void tryExample()} data-testid="example">
        <SparkIcon /> {isFetching ? words().fetching : words().example}
      </button>
      {error !== null && <Notice kind="error">{error}</Notice>}
    </div>
  );
}

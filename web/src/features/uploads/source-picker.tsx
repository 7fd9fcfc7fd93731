import "./source-picker.css";

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { CameraIcon, FileIcon, ScissorsIcon, SparkIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { focusHeading } from "../../lib/focus.ts";
import { startExample, startUpload } from "./uploads.ts";
import { words } from "./words.ts";

/** The ways to a clip: the camera, a file, a part of one; the example for whoever has none yet. */
export function SourcePicker({ withExample }: { withExample: boolean }) {
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
      focusHeading({ preventScroll: true }); // the button goes
    } catch (cause) {
      setError(asRequestError(cause).message);
    }
    setFetching(false);
  };
  return (
    <div class="sources">
      <Link href="/film" class="button button-primary source-film" data-testid="film">
        <CameraIcon /> {words().film}
      </Link>
      <label class="button source-choose">
        <input class="visually-hidden" type="file" accept="video/*" multiple onChange={take} data-testid="choose" />
        <FileIcon /> {words().choose}
      </label>
      <Link href="/film?cut" class="button source-cut" data-testid="cut">
        <ScissorsIcon /> {words().cut}
      </Link>
      {withExample && (
        <button type="button" class="button source-example" disabled={isFetching} onClick={() => void tryExample()} data-testid="example">
          <SparkIcon /> {isFetching ? words().fetching : words().example}
        </button>
      )}
      {error !== null && <Notice kind="error">{error}</Notice>}
    </div>
  );
}

import "./filming.css";

import { useEffect, useState } from "preact/hooks";

import { FileIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { focusHeading } from "../../lib/focus.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Ending } from "./recorder.ts";
import { Review } from "./review.tsx";
import type { Send } from "./send-takes.ts";
import { TakeList } from "./take-list.tsx";
import { addFile, openTakes, removeTake, takes, type Take } from "./takes.ts";
import { Viewfinder } from "./viewfinder.tsx";
import { words } from "./words.ts";

type Step = { name: "reading" | "camera" | "list" } | { name: "review"; id: string };

interface Props {
  user: string;
  /** The camera at once, or the clips that are there. */
  begin: "camera" | "list";
  onSend: Send;
  onSent: () => void;
}

/** Films clips or takes them from the device, one after the other, until they go up together. */
export function FilmView({ user, begin, onSend, onSent }: Props) {
  const all = useStore(takes);
  const [step, setStep] = useState<Step>({ name: "reading" });
  const [ending, setEnding] = useState<Ending>("stopped");
  useEffect(() => {
    void openTakes(user).then(() => setStep({ name: takes.get().length > 0 ? "list" : begin }));
  }, [user, begin]);
  const go = (next: Step) => {
    setStep(next);
    focusHeading({ preventScroll: true }); // what had the focus is gone
  };
  const looked = step.name === "review" ? all.find((take) => take.id === step.id) : undefined;
  const filmed = (take: Take | null, why: Ending) => {
    setEnding(why);
    go(take === null ? { name: all.length > 0 ? "list" : "camera" } : { name: "review", id: take.id });
  };
  return (
    <>
      {ending !== "stopped" && (
        <Notice kind="info" testId="film-ending">
          {words().endings[ending]}
        </Notice>
      )}
      {step.name === "reading" && <p aria-busy="true">{words().reading}</p>}
      {step.name === "camera" && <Viewfinder user={user} onTake={filmed} />}
      {looked !== undefined && (
        <Review
          key={looked.id}
          user={user}
          take={looked}
          onUse={() => go({ name: "list" })}
          onNext={() => go({ name: "camera" })}
          onAgain={() => {
            go({ name: "camera" });
            void removeTake(user, looked.id);
          }}
        />
      )}
      {step.name === "list" && <TakeList user={user} all={all} onLook={(id) => go({ name: "review", id })} onFilm={() => go({ name: "camera" })} onSend={onSend} onSent={onSent} />}
      {step.name === "camera" && all.length > 0 && (
        <button type="button" class="button" onClick={() => go({ name: "list" })} data-testid="film-list">
          {words().toList(all.length)}
        </button>
      )}
      {step.name !== "review" && <ChooseFiles onChosen={() => go({ name: "list" })} />}
    </>
  );
}

/** The way out wherever there is no camera, and the way in for clips that are there already. */
function ChooseFiles({ onChosen }: { onChosen: () => void }) {
  const take = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    for (const file of input.files ?? []) addFile(file);
    if (input.files?.length !== 0) onChosen();
    input.value = ""; // the same file chosen again is a change again
  };
  return (
    <label class="button film-choose">
      <input class="visually-hidden" type="file" accept="video/*" multiple onChange={take} data-testid="film-choose" />
      <FileIcon /> {words().choose}
    </label>
  );
}

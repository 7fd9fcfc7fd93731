import { showToast } from "../../lib/toast.ts";
import { removeTake, type Take } from "./takes.ts";
import { words } from "./words.ts";

/** True as soon as this browser has a copy of its own. */
export type Send = (file: File) => Promise<boolean>;

/** Cuts what is to be cut and hands every clip over, in order; a film leaves the list only when it is safe elsewhere. */
export async function sendTakes(user: string, takes: readonly Take[], send: Send, onNumber: (number: number) => void, signal: AbortSignal): Promise<void> {
  for (const [index, take] of takes.entries()) {
    signal.throwIfAborted();
    onNumber(index + 1);
    const isSafe = await send(await fileOf(take, signal));
    if (isSafe || !take.isFilmed) await removeTake(user, take.id);
    else showToast(words().staysHere(take.name)); // it may be the only one
  }
}

/** What browsers film has no index, or none that players seek by: it is written anew as well. */
async function fileOf(take: Take, signal: AbortSignal): Promise<File> {
  const whole = take.file instanceof File ? take.file : new File([take.file], take.name, { type: take.type });
  if (take.cut === null && !take.isFilmed) return whole;
  try {
    const { cutClip } = await import("./cut.ts");
    return (await cutClip(take.file, take.name, take.cut, signal)).file;
  } catch (cause) {
    if (signal.aborted) throw cause;
    if (take.cut !== null) showToast(words().sentWhole(take.name));
    return whole;
  }
}

/**
 * The browser's own copies of clips. While a clip is on its way nobody has to find it again after a reload or a crash;
 * once it is there, it plays from here and costs no download. A file handle would need no copy, but asks for permission
 * anew, and phones have none. Where there is no room or the browser refuses (some private windows), there is no copy.
 */
import { database } from "./database.ts";
import { createStore } from "./store.ts";

const copies = database("ascension.uploads", 2, ["clips", "files"]);
/** Of what the browser gives us: a full disk would stop more than this clip. */
const shareOfRoom = 0.8;
/** Clips that have arrived may take so much; those unseen for longest go first. */
const mostBytes = 2_000_000_000;
const shareForArrived = 0.5;
/** What never arrived may be nowhere else: its climber may be without a network for weeks. */
const unfinishedMs = 30 * 24 * 3600 * 1000;
/** Whoever is followed by somebody else on this device may come back for it so long. */
const othersMs = 3 * 24 * 3600 * 1000;

export interface DeviceClip {
  user: string;
  fingerprint: string;
  name: string;
  sizeBytes: number;
  keptAtMs: number;
  usedAtMs: number;
  /** What it was sent as; null while it is on its way. */
  videoId: string | null;
}

/** Grows with every change, for who shows what is here. */
export const clipChanges = createStore(0);
const urls = new Map<string, string>();

/** False where it is not kept: no room, or refused. */
export async function keepClip(user: string, fingerprint: string, file: File): Promise<boolean> {
  try {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    let free = shareOfRoom * (quota - usage);
    for (const clip of await arrivedByUse(user)) {
      if (file.size <= free) break;
      await drop(clip);
      free += clip.sizeBytes;
    }
    if (file.size > free) return false;
    const clip: DeviceClip = { user, fingerprint, name: file.name, sizeBytes: file.size, keptAtMs: Date.now(), usedAtMs: Date.now(), videoId: null };
    await copies.ask(["clips", "files"], "readwrite", (all) => {
      all.objectStore("files").put({ file }, [user, fingerprint]);
      return all.objectStore("clips").put(clip, [user, fingerprint]);
    });
    changed();
    return true;
  } catch {
    return false;
  }
}

/** Null where there is none. */
export async function keptFile(user: string, fingerprint: string): Promise<File | null> {
  try {
    const found: unknown = await copies.ask(["files"], "readonly", (all) => all.objectStore("files").get([user, fingerprint]));
    return typeof found === "object" && found !== null && "file" in found && found.file instanceof File ? found.file : null;
  } catch {
    return null;
  }
}

/** It has arrived: from now on it is played from here. Those unseen for longest make room. */
export async function noteArrived(user: string, fingerprint: string, videoId: string): Promise<void> {
  try {
    const clip = (await clipsOf(user)).find((one) => one.fingerprint === fingerprint);
    if (clip === undefined) return;
    await write({ ...clip, videoId, usedAtMs: Date.now() });
    const { quota = 0 } = await navigator.storage.estimate();
    const arrived = await arrivedByUse(user);
    let held = arrived.reduce((sum, one) => sum + one.sizeBytes, 0);
    for (const oldest of arrived) {
      if (held <= Math.min(mostBytes, shareForArrived * quota)) return;
      await drop(oldest);
      held -= oldest.sizeBytes;
    }
  } catch {
    // refused: then it is downloaded
  }
}

/** An address of the copy in this browser, good until it is dropped; null where there is none that can be read. */
export async function clipUrl(user: string, videoId: string): Promise<string | null> {
  const clip = (await clipsOf(user)).find((one) => one.videoId === videoId);
  if (clip === undefined) return null;
  const file = await keptFile(user, clip.fingerprint);
  const isReadable = file !== null && (await file.slice(-1).arrayBuffer().then((bytes) => bytes.byteLength === 1, () => false));
  if (!isReadable) {
    await drop(clip); // the browser has cleaned up
    return null;
  }
  void write({ ...clip, usedAtMs: Date.now() }).catch(() => undefined);
  const url = urls.get(clip.fingerprint) ?? URL.createObjectURL(file);
  urls.set(clip.fingerprint, url);
  return url;
}

/** All of this climber, on their way or arrived; the latest first. */
export async function clipsOf(user: string): Promise<DeviceClip[]> {
  const everybodys = await allClips();
  return everybodys.filter((clip) => clip.user === user).sort((one, other) => other.keptAtMs - one.keptAtMs);
}

export async function dropClip(user: string, fingerprint: string): Promise<void> {
  await drop({ user, fingerprint });
}

/** The climb was deleted. */
export async function dropClipOfVideo(user: string, videoId: string): Promise<void> {
  for (const clip of await clipsOf(user)) if (clip.videoId === videoId) await drop(clip);
}

/** Everything of this climber: for when they leave this browser. */
export async function dropClipsOf(user: string): Promise<void> {
  forgetUrls();
  const range = IDBKeyRange.bound([user], [user, []]);
  await copies
    .ask(["clips", "files"], "readwrite", (all) => {
      all.objectStore("files").delete(range);
      return all.objectStore("clips").delete(range);
    })
    .catch(() => undefined);
  changed();
}

/**
 * What others left here, and what never arrived: nobody plays it any more. `user` null: nobody is logged in. Then what
 * has arrived goes at once: a session that was ended from afar, on a phone that was lost, leaves nothing to play.
 */
export async function dropOldClips(user: string | null, nowMs: number = Date.now()): Promise<void> {
  for (const clip of await allClips()) {
    const isOthers = clip.user !== user;
    const waitsMs = isOthers && user !== null ? othersMs : unfinishedMs;
    const isOld = clip.videoId === null ? nowMs - clip.keptAtMs > waitsMs : isOthers;
    if (isOld) await drop(clip);
  }
}

async function arrivedByUse(user: string): Promise<DeviceClip[]> {
  const clips = await clipsOf(user);
  return clips.filter((clip) => clip.videoId !== null).sort((one, other) => one.usedAtMs - other.usedAtMs);
}

export async function allClips(): Promise<DeviceClip[]> {
  const found: unknown[] = await copies.ask(["clips"], "readonly", (all) => all.objectStore("clips").getAll()).catch(() => []);
  return found.filter(isClip);
}

async function write(clip: DeviceClip): Promise<void> {
  await copies.ask(["clips"], "readwrite", (all) => all.objectStore("clips").put(clip, [clip.user, clip.fingerprint]));
  changed();
}

async function drop({ user, fingerprint }: Pick<DeviceClip, "user" | "fingerprint">): Promise<void> {
  const url = urls.get(fingerprint);
  if (url !== undefined) URL.revokeObjectURL(url);
  urls.delete(fingerprint);
  await copies
    .ask(["clips", "files"], "readwrite", (all) => {
      all.objectStore("files").delete([user, fingerprint]);
      return all.objectStore("clips").delete([user, fingerprint]);
    })
    .catch(() => undefined);
  changed();
}

function forgetUrls(): void {
  for (const url of urls.values()) URL.revokeObjectURL(url);
  urls.clear();
}

function changed(): void {
  clipChanges.set(clipChanges.get() + 1);
}

function isClip(value: unknown): value is DeviceClip {
  if (typeof value !== "object" || value === null) return false;
  const clip = value as Partial<DeviceClip>;
  return typeof clip.user === "string" && typeof clip.fingerprint === "string" && typeof clip.sizeBytes === "number" && typeof clip.keptAtMs === "number";
}

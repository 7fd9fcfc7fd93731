/**
 * What was filmed or chosen on this visit and has not been sent. A film is written to the browser's storage piece by
 * piece while it runs, so that a crash or a call costs the last second at most; chosen files are only pointed to.
 */
import { database } from "../../lib/database.ts";
import { newKey } from "../../lib/key.ts";
import { createStore } from "../../lib/store.ts";
import { dropCuts, dropOldCuts } from "./cuts-folder.ts";

const films = database("ascension.filming", 1, ["takes", "pieces"]);

export interface Cut {
  startS: number;
  endS: number;
}

export interface Take {
  id: string;
  name: string;
  type: string;
  sizeBytes: number;
  /** null where only playing tells. */
  durationS: number | null;
  /** The part that is sent; null for all of it. */
  cut: Cut | null;
  file: Blob;
  isFilmed: boolean;
  /** Of an earlier visit: filming was broken off, or it was never sent. */
  isFound: boolean;
}

/** As it is written down. */
interface Film {
  user: string;
  id: string;
  name: string;
  type: string;
  startedAtMs: number;
  durationS: number;
  cut: Cut | null;
}

export const takes = createStore<readonly Take[]>([]);

/** Others on this device may come back for their films so long; their climber has no such limit. */
const othersMs = 30 * 24 * 3600 * 1000;
/** Whose clips `takes` are. */
let owner: string | null = null;
/** Who left for good: what is still being filmed for them stays nowhere. */
let leaver: string | null = null;

/** Held while a film is being written, in whatever tab: it is no take yet. */
const lockOf = (id: string) => `ascension.film.${id}`;
const patienceMs = 1000;
const locks = (navigator as Partial<Navigator>).locks;

/** Shows what this climber left here. */
export async function openTakes(user: string): Promise<void> {
  if (owner !== user) takes.set([]); // of somebody whose session ended here
  [owner, leaver] = [user, null];
  void dropOldCuts();
  const found: unknown[] = await films.ask(["takes"], "readonly", (all) => all.objectStore("takes").getAll()).catch(() => []);
  const here = takes.get().filter((take) => !take.isFilmed); // chosen on this visit
  const filmed: Take[] = [];
  for (const film of found.filter(isFilm).sort((one, other) => one.startedAtMs - other.startedAtMs)) {
    if (film.user !== user && Date.now() - film.startedAtMs > othersMs) await removeFilm(film.user, film.id);
    if (film.user !== user || (await isBeingWritten(film.id))) continue;
    const known = takes.get().find((take) => take.id === film.id);
    const take = known ?? (await takeOf(film, true));
    if (take === null) await removeFilm(user, film.id);
    else filmed.push(take);
  }
  if (owner === user) takes.set([...filmed, ...here]);
}

/** In another tab, or here. One that was closed a moment ago may still hold its lock. */
async function isBeingWritten(id: string): Promise<boolean> {
  if (locks === undefined) return false;
  return locks.request(lockOf(id), { signal: AbortSignal.timeout(patienceMs) }, () => false).catch(() => true);
}

/** Nothing of it stays, on screen or in the browser. */
export async function dropTakesOf(user: string): Promise<void> {
  [owner, leaver] = [null, user];
  takes.set([]);
  await dropCuts();
  const range = IDBKeyRange.bound([user], [user, []]);
  await films
    .ask(["takes", "pieces"], "readwrite", (all) => {
      all.objectStore("pieces").delete(range);
      return all.objectStore("takes").delete(range);
    })
    .catch(() => undefined);
}

export function addFile(file: File): void {
  const { name, type, size: sizeBytes } = file;
  takes.set([...takes.get(), { id: newKey(), name, type, sizeBytes, durationS: null, cut: null, file, isFilmed: false, isFound: false }]);
}

export async function removeTake(user: string, id: string): Promise<void> {
  takes.set(takes.get().filter((take) => take.id !== id));
  await removeFilm(user, id);
}

export async function setCut(user: string, id: string, cut: Cut | null, durationS: number): Promise<void> {
  takes.set(takes.get().map((take) => (take.id === id ? { ...take, cut, durationS } : take)));
  const film: unknown = await films.ask(["takes"], "readonly", (all) => all.objectStore("takes").get([user, id])).catch(() => null);
  if (isFilm(film) && leaver !== user) await writeFilm({ ...film, cut }).catch(() => undefined);
}

export interface Writer {
  /** Rejects where there is no room. */
  add: (piece: Blob, durationS: number) => Promise<void>;
  /** What was filmed is a take from now on; null where nothing was. */
  end: () => Promise<Take | null>;
}

/** Begins a film: each piece is safe in the browser's storage when `add` resolves. */
export async function writeTake(user: string, name: string, type: string): Promise<Writer> {
  let film: Film = { user, id: newKey(), name, type, startedAtMs: Date.now(), durationS: 0, cut: null };
  const { id } = film;
  let release = () => {};
  void locks?.request(lockOf(id), () => new Promise<void>((resolve) => (release = resolve)));
  await writeFilm(film);
  let count = 0;
  return {
    add: async (piece, durationS) => {
      if (leaver === user) return;
      film = { ...film, durationS };
      count += 1;
      const number = count;
      await films.ask(["takes", "pieces"], "readwrite", (all) => {
        all.objectStore("takes").put(film, [user, id]);
        return all.objectStore("pieces").put(piece, [user, id, number]);
      });
    },
    end: async () => {
      release();
      const take = await takeOf(film, false);
      if (take === null || leaver === user) await removeFilm(user, id);
      else if (owner === user) takes.set([...takes.get(), take]);
      return take;
    },
  };
}

/** Put together of its pieces, which the browser leaves on its disk; null where none was written. */
async function takeOf({ user, id, name, type, durationS, cut }: Film, isFound: boolean): Promise<Take | null> {
  const range = IDBKeyRange.bound([user, id], [user, id, []]);
  const pieces: unknown[] = await films.ask(["pieces"], "readonly", (all) => all.objectStore("pieces").getAll(range)).catch(() => []);
  const file = new Blob(pieces.filter((piece) => piece instanceof Blob), { type: type.split(";")[0] ?? type });
  return file.size === 0 ? null : { id, name, type: file.type, sizeBytes: file.size, durationS, cut, file, isFilmed: true, isFound };
}

async function writeFilm(film: Film): Promise<void> {
  await films.ask(["takes"], "readwrite", (all) => all.objectStore("takes").put(film, [film.user, film.id]));
}

async function removeFilm(user: string, id: string): Promise<void> {
  await films
    .ask(["takes", "pieces"], "readwrite", (all) => {
      all.objectStore("pieces").delete(IDBKeyRange.bound([user, id], [user, id, []]));
      return all.objectStore("takes").delete([user, id]);
    })
    .catch(() => undefined);
}

function isFilm(value: unknown): value is Film {
  if (typeof value !== "object" || value === null) return false;
  const film = value as Partial<Film>;
  return typeof film.user === "string" && typeof film.id === "string" && typeof film.name === "string" && typeof film.type === "string";
}

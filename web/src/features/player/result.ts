/** Reader of the result file: types by its schema, checks and columns by docs/guides/result-format.md (version 1). */

import { turn } from "../../lib/turn.ts";
import type { components } from "../../result.gen.ts";
import { asArray, asPositive, asRecord, asWhole } from "./checks.ts";
import { checkClimb, type Climb } from "./climb.ts";
import { decodeColumn, ResultFormatError, type ColumnEntry } from "./columns.ts";

type Header = components["schemas"]["Header"];

const schemaVersion = 1;
const maxBytes = 64 * 1024 * 1024;
const landmarkCount = 33;
const angleCount = 8;
/** A quarter of what a finger may wait: phones are slower. */
const turnMs = 6;

/** The header. Parts that came later are undefined in results from before them; people are empty then. */
export type ResultFacts = Omit<Header, "climb" | "columns"> & Required<Pick<Header, "people" | "landmarks" | "joint_angles">> & { climb?: Climb | null };

/** Something that runs through frames: a clip, or two that run together. */
export interface Reel {
  frameCount: number;
  /** [n] seconds at which each frame is shown; strictly increasing. */
  timesS: Float64Array;
}

/** A result in memory. All arrays are frame-major; n = frames. Where a mask is 0 the numbers mean nothing. */
export interface Result extends Reel {
  facts: ResultFacts;
  /** [n] 1: a body was found. */
  person: Float64Array;
  /** [n, 33, 2] x, y in pixels of the displayed frame, y down. */
  landmarksPx: Float64Array;
  /** [n, 33] confidence 0-1. */
  visibility: Float64Array;
  /** [n, 2] x, y in pixels. */
  centerOfMassPx: Float64Array;
  /** [n, 8] 1: the angle is measured. */
  anglesMeasured: Float64Array;
  /** [n, 8] degrees, 0-180, 180 = straight. */
  anglesDeg: Float64Array;
  /** [n, 33] 1: filled in between two frames that saw the landmark. Zeros where a result does not say. */
  interpolated: Float64Array;
  /** [n] 1: left and right came exchanged and were put back. Zeros where a result does not say. */
  sidesRepaired: Float64Array;
  /** [n] share in % of the body's mass that is seen; null where a result does not say. */
  centerSeenPct: Float64Array | null;
  /** Where the frames lie on the wall; null where that is not known of any. */
  wall: { onWall: Float64Array; cornersPx: Float64Array } | null;
}

/**
 * Parses the unpacked bytes (after gunzip). Throws ResultFormatError on anything that is not the format. It takes turns
 * with all else that waits: while a long climb is read, a finger is heard.
 */
export async function readResult(bytes: Uint8Array): Promise<Result> {
  const steps = stepsOf(bytes);
  let begunMs = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - begunMs < turnMs) continue;
    await turn();
    begunMs = performance.now();
  }
}

/** Column by column. */
function* stepsOf(bytes: Uint8Array): Generator<undefined, Result> {
  if (bytes.length > maxBytes) throw new ResultFormatError("larger than 64 MiB");
  if (bytes.length < 8 || new TextDecoder().decode(bytes.subarray(0, 4)) !== "ASCN") {
    throw new ResultFormatError("not a result file");
  }
  const headerEnd = 8 + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true);
  if (headerEnd > bytes.length) throw new ResultFormatError("the header reaches beyond the end");
  const header = parseHeader(bytes.subarray(8, headerEnd));
  const body = bytes.subarray(headerEnd);
  const frameCount = header.facts.video.frame_count;
  const has = (wanted: string) => header.columns.some(({ name }) => name === wanted);
  const column = function* (name: string, trailing: number[]) {
    yield;
    return readColumn(body, header.columns, name, [frameCount, ...trailing]);
  };
  const flags = function* (name: string, trailing: number[]) {
    const count = trailing.reduce((product, size) => product * size, frameCount);
    return has(name) ? asMask(yield* column(name, trailing), name) : new Float64Array(count);
  };

  const [ticks, perSecond] = header.facts.video.time_base;
  const person = asMask(yield* column("person", []), "person");
  return {
    facts: header.facts,
    frameCount,
    timesS: asTimes(yield* column("time_ticks", []), ticks / perSecond),
    person,
    landmarksPx: yield* column("landmarks_px", [landmarkCount, 2]),
    visibility: yield* column("visibility", [landmarkCount]),
    centerOfMassPx: yield* column("center_of_mass_px", [2]),
    anglesMeasured: asMask(yield* column("joint_angles_measured", [angleCount]), "joint_angles_measured"),
    anglesDeg: yield* column("joint_angles_deg", [angleCount]),
    interpolated: yield* flags("interpolated", [landmarkCount]),
    sidesRepaired: yield* flags("sides_repaired", []),
    centerSeenPct: has("center_of_mass_seen_pct") ? yield* column("center_of_mass_seen_pct", []) : null,
    wall: has("wall_corners_px")
      ? { onWall: asMask(yield* column("on_wall", []), "on_wall"), cornersPx: yield* column("wall_corners_px", [4, 2]) }
      : null,
  };
}

function parseHeader(bytes: Uint8Array): { facts: ResultFacts; columns: ColumnEntry[] } {
  let header: Record<string, unknown>;
  try {
    header = asRecord(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)), "header");
  } catch (cause) {
    throw cause instanceof ResultFormatError ? cause : new ResultFormatError("the header is not JSON");
  }
  if (header["schema_version"] !== schemaVersion) {
    throw new ResultFormatError(`schema version ${String(header["schema_version"])}, this reader knows ${schemaVersion}`);
  }
  const video = asRecord(header["video"], "video");
  for (const field of ["width_px", "height_px", "frame_count", "fps", "duration_s"]) asPositive(video[field], field);
  const base = asArray(video["time_base"], "time_base");
  asPositive(base[0], "time_base");
  asPositive(base[1], "time_base");
  if (!Number.isInteger(video["frame_count"])) throw new ResultFormatError("frame_count is not whole");
  const processing = asRecord(header["processing"], "processing");
  asPositive(processing["visible_threshold"], "visible_threshold");
  asRecord(header["model"], "model");
  asRecord(header["summary"], "summary");
  asArray(header["warnings"], "warnings");
  if (asArray(header["landmarks"], "landmarks").length !== landmarkCount) throw new ResultFormatError("not 33 landmarks");
  if (asArray(header["joint_angles"], "joint_angles").length !== angleCount) throw new ResultFormatError("not 8 joint angles");
  const columns = asArray(header["columns"], "columns").map(asColumnEntry);
  header["people"] = asArray(header["people"] ?? [], "people");
  if (header["wall"] !== undefined && header["wall"] !== null) checkWall(asRecord(header["wall"], "wall"));
  if (header["climb"] !== undefined && header["climb"] !== null) checkClimb(header["climb"], video["frame_count"] as number);
  for (const person of header["people"] as unknown[]) checkPerson(asRecord(person, "people"));
  return { facts: header as unknown as ResultFacts, columns };
}

function checkWall(wall: Record<string, unknown>): void {
  const scale = asRecord(wall["scale"], "wall");
  asPositive(scale["unit_per_px"], "wall");
  checkMatrix(scale["wall_to_unit"]);
  if (typeof wall["reason"] !== "string") throw new ResultFormatError("wall: no reason");
  if (wall["picture"] === null) return;
  const picture = asRecord(wall["picture"], "wall");
  asPositive(picture["width_px"], "wall");
  asPositive(picture["height_px"], "wall");
  checkMatrix(picture["wall_to_picture"]);
}

function checkMatrix(value: unknown): void {
  const matrix = asArray(value, "wall");
  if (matrix.length !== 9 || !matrix.every(Number.isFinite)) throw new ResultFormatError("wall: a matrix is not nine numbers");
}

function checkPerson(person: Record<string, unknown>): void {
  asWhole(person["id"], "people");
  if (typeof person["is_climber"] !== "boolean") throw new ResultFormatError("people: climber or not is not said");
  for (const box of asArray(person["boxes"], "people")) {
    const numbers = asArray(box, "people");
    if (numbers.length !== 5 || !numbers.every(Number.isFinite)) throw new ResultFormatError("people: a box is not five numbers");
  }
}

function asColumnEntry(value: unknown): ColumnEntry {
  const entry = asRecord(value, "columns");
  const name = String(entry["name"]);
  for (const size of asArray(entry["shape"], name)) asWhole(size, name);
  asWhole(entry["offset_bytes"], name);
  asWhole(entry["length_bytes"], name);
  asPositive(entry["scale"], name);
  return entry as unknown as ColumnEntry;
}

function readColumn(body: Uint8Array, columns: ColumnEntry[], name: string, shape: number[]): Float64Array {
  const entry = columns.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new ResultFormatError(`${name} is missing`);
  if (entry.shape.join() !== shape.join()) {
    throw new ResultFormatError(`${name} has shape ${entry.shape.join("x")}, expected ${shape.join("x")}`);
  }
  // unknown columns may use codings of a later version; the ones read here may not
  if (!(["delta1-varint", "delta2-varint"] as string[]).includes(entry.coding)) {
    throw new ResultFormatError(`${name}: unknown coding`);
  }
  const end = entry.offset_bytes + entry.length_bytes;
  if (end > body.length) throw new ResultFormatError(`${name} reaches beyond the end`);
  // a number takes at least one byte: refuse before making room for what cannot be there
  if (entry.length_bytes < shape.reduce((product, size) => product * size, 1)) {
    throw new ResultFormatError(`${name}: too few numbers`);
  }
  return decodeColumn(body.subarray(entry.offset_bytes, end), entry);
}

function asMask(values: Float64Array, name: string): Float64Array {
  // no call for each: a phone reads thousands of them before its engine has made calls cheap
  for (let at = 0; at < values.length; at += 1) {
    if (values[at] !== 0 && values[at] !== 1) throw new ResultFormatError(`${name} is not a mask`);
  }
  return values;
}

function asTimes(ticks: Float64Array, tickS: number): Float64Array {
  for (let frame = 1; frame < ticks.length; frame += 1) {
    if ((ticks[frame] ?? 0) <= (ticks[frame - 1] ?? 0)) throw new ResultFormatError("time does not increase");
  }
  return ticks.map((tick) => tick * tickS);
}

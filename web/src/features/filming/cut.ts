/**
 * Cuts a clip without coding it anew: its packets are copied, from the key frame before the wanted start on. Sound and
 * what cameras write beside the picture stay behind. Streams to the browser's own file system: 500 MB are never in memory.
 */
import {
  BlobSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MATROSKA,
  MatroskaInputFormat,
  MP4,
  Mp4OutputFormat,
  Output,
  QTFF,
  StreamTarget,
  WEBM,
  WebMOutputFormat,
  type EncodedPacket,
  type InputVideoTrack,
} from "mediabunny";

import { newKey } from "../../lib/key.ts";
import { cutsFolder } from "./cuts-folder.ts";
import type { Cut } from "./takes.ts";

const webmCodings = ["vp8", "vp9", "av1"];
/** How far after the end pictures may stand in the file that are shown before it. */
const reorderS = 0.5;

export interface CutClip {
  file: File;
  /** What it really spans, in the clip's time. */
  startS: number;
  endS: number;
}

/** Where a cut at `wantedS` really begins: a picture that needs no other. Throws where the clip cannot be read. */
export async function realStart(clip: Blob, wantedS: number): Promise<number> {
  const input = open(clip);
  try {
    const sink = new EncodedPacketSink(await pictures(input));
    const key = (await sink.getKeyPacket(wantedS)) ?? (await sink.getFirstKeyPacket());
    return Math.max(0, key?.timestamp ?? 0);
  } finally {
    input.dispose();
  }
}

/** Throws where the clip cannot be read or written; null as `cut`: all of it, with an index by which players seek. */
export async function cutClip(clip: Blob, name: string, cut: Cut | null, signal: AbortSignal): Promise<CutClip> {
  const input = open(clip);
  const folder = await cutsFolder();
  const handle = await folder.getFileHandle(newKey(), { create: true });
  try {
    const track = await pictures(input);
    const isWebm = (await input.getFormat()) instanceof MatroskaInputFormat && webmCodings.includes((await track.getCodec()) ?? "");
    const output = new Output({ format: isWebm ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: false }), target: new StreamTarget(await handle.createWritable(), { chunked: true }) });
    const bounds = await copyPackets(track, output, cut ?? { startS: 0, endS: Infinity }, signal).catch(async (cause: unknown) => {
      await output.cancel();
      throw cause;
    });
    const extension = isWebm ? "webm" : "mp4";
    const stem = name.replace(/\.\w{1,5}$/, "");
    // a file of this folder is gone for all who hold it when it is removed: what is handed on is the browser's own, large ones on its disk
    const copy = await new Response((await handle.getFile()).stream()).blob();
    return { file: new File([copy], `${stem}.${extension}`, { type: `video/${extension}` }), ...bounds };
  } finally {
    input.dispose();
    await folder.removeEntry(handle.name).catch(() => undefined);
  }
}

function open(clip: Blob): Input {
  return new Input({ source: new BlobSource(clip), formats: [MP4, QTFF, WEBM, MATROSKA] });
}

async function pictures(input: Input): Promise<InputVideoTrack> {
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error("no pictures");
  return track;
}

async function copyPackets(track: InputVideoTrack, output: Output, { startS, endS }: Cut, signal: AbortSignal): Promise<Cut> {
  const codec = await track.getCodec();
  const decoderConfig = await track.getDecoderConfig();
  if (codec === null || decoderConfig === null) throw new Error("unknown coding");
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source, { rotation: await track.getRotation() });
  await output.start();
  const sink = new EncodedPacketSink(track);
  const first = (await sink.getKeyPacket(startS)) ?? (await sink.getFirstKeyPacket());
  if (first === null) throw new Error("no key frame");
  const bounds = { startS: first.timestamp, endS: first.timestamp };
  const add = async (packet: EncodedPacket) => {
    signal.throwIfAborted();
    bounds.endS = Math.max(bounds.endS, packet.timestamp + packet.duration);
    await source.add(packet.clone({ timestamp: packet.timestamp - bounds.startS }), { decoderConfig });
  };
  let late: EncodedPacket[] = [];
  for await (const packet of sink.packets(first)) {
    if (packet.timestamp < bounds.startS) continue; // shown before the key frame, made of what is cut off
    if (packet.timestamp >= endS + reorderS || (packet.timestamp >= endS && packet.type === "key")) break;
    late.push(packet);
    if (packet.timestamp >= endS) continue; // perhaps a picture before the end is made of it
    for (const one of late) await add(one);
    late = [];
  }
  await output.finalize();
  return bounds;
}

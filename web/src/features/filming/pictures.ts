/** Pictures of a clip, by the browser's own player: it plays what it films. */

const patienceMs = 15_000;
/** Beyond the end of any clip: players then look for the end of one that does not say its length. */
const farS = 1e7;

/** A player with the clip in it, ready to seek, and its length. Throws where this browser does not play it. */
export async function playerOf(url: string): Promise<{ video: HTMLVideoElement; durationS: number }> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.preload = "auto";
  video.src = url;
  await happened(video, "loadeddata");
  return { video, durationS: await lengthOf(video) };
}

/** Clips that were filmed in a browser may not say their length. */
export async function lengthOf(video: HTMLVideoElement): Promise<number> {
  if (Number.isFinite(video.duration)) return video.duration;
  video.currentTime = farS;
  await happened(video, "seeked");
  const found = Number.isFinite(video.duration) ? video.duration : video.currentTime;
  video.currentTime = 0;
  await happened(video, "seeked");
  return found;
}

/** Draws the pictures of evenly spaced moments, one after the other. */
export async function drawStrip(canvases: readonly HTMLCanvasElement[], { video, durationS }: { video: HTMLVideoElement; durationS: number }, signal: AbortSignal): Promise<void> {
  for (const [number, canvas] of canvases.entries()) {
    signal.throwIfAborted();
    video.currentTime = ((number + 0.5) / canvases.length) * durationS;
    await happened(video, "seeked");
    const scale = Math.max(canvas.width / video.videoWidth, canvas.height / video.videoHeight);
    const [width, height] = [video.videoWidth * scale, video.videoHeight * scale];
    canvas.getContext("2d")?.drawImage(video, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  }
}

function happened(video: HTMLVideoElement, name: "loadeddata" | "seeked"): Promise<void> {
  return new Promise((resolve, reject) => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const end = (settle: () => void) => {
      leaving.abort();
      clearTimeout(timer);
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new Error(`no ${name}`))), patienceMs);
    video.addEventListener(name, () => end(resolve), { signal });
    video.addEventListener("error", () => end(() => reject(new Error("cannot be played"))), { signal });
  });
}

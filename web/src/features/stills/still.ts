/** A still: the picture that it is of, and how it leaves the page. */

import { saveFile } from "../../lib/save-file.ts";

/** What somebody draws on. */
export interface Still {
  /** Of the picture, in its own pixels. */
  width: number;
  height: number;
  /** Draws it on a canvas that is as large or larger, all of it. */
  paint: (canvas: HTMLCanvasElement) => void;
  /** Stands below it: which climb, which moment. */
  caption: string;
  fileName: string;
}

/** So many dots the shorter side has at least, so that lines and letters are sharp. */
const leastSidePx = 1080;
const ground = "#161311";
const ink = "#f6f1ea";

/** Picture, what is drawn over it, and below it what it is of. */
export async function pngOf({ width, height, paint, caption }: Still, drawn: SVGSVGElement): Promise<Blob> {
  const enlargement = Math.max(1, Math.min(2, leastSidePx / Math.min(width, height)));
  const [widthPx, heightPx] = [Math.round(width * enlargement), Math.round(height * enlargement)];
  const picture = sized(widthPx, heightPx);
  paint(picture);
  const footPx = Math.round(Math.max(widthPx, heightPx) / 24);
  const whole = sized(widthPx, heightPx + footPx);
  const context = whole.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.fillStyle = ground;
  context.fillRect(0, 0, whole.width, whole.height);
  context.drawImage(picture, 0, 0);
  context.drawImage(await imageOf(drawn, widthPx, heightPx), 0, 0, widthPx, heightPx);
  context.fillStyle = ink;
  context.font = `600 ${footPx * 0.45}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.fillText(caption, footPx * 0.4, heightPx + footPx / 2, widthPx - footPx * 0.8);
  return new Promise((done, fail) => whole.toBlob((blob) => (blob === null ? fail(new Error("no picture")) : done(blob)), "image/png"));
}

function sized(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** An SVG of the page as a picture. */
async function imageOf(drawn: SVGSVGElement, width: number, height: number): Promise<HTMLImageElement> {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

/** Whether this browser hands pictures to other programs. */
export function canShare(): boolean {
  const probe = new File([], "still.png", { type: "image/png" });
  return "canShare" in navigator && navigator.canShare({ files: [probe] });
}

export async function share(still: Still, drawn: SVGSVGElement): Promise<void> {
  const file = new File([await pngOf(still, drawn)], still.fileName, { type: "image/png" });
  try {
    await navigator.share({ files: [file], title: still.caption });
  } catch (cause) {
    if (!(cause instanceof DOMException && cause.name === "AbortError")) throw cause; // thought better of it
  }
}

export async function save(still: Still, drawn: SVGSVGElement): Promise<void> {
  saveFile(await pngOf(still, drawn), still.fileName);
}

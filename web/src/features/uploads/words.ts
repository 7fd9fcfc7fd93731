import type { Upload } from "./uploads.ts";

export const stateWords: Record<Upload["state"], string> = {
  waiting: "Next in line",
  sending: "Uploading",
  finishing: "Checking what arrived",
  failed: "Upload stopped",
  refused: "Cannot be uploaded",
  elsewhere: "Uploading in another tab",
  unfinished: "Not finished last time",
};

/** How much has been sent, in whole percent. */
export function percentOf({ sentBytes, sizeBytes }: Upload): number {
  return sizeBytes === 0 ? 0 : Math.floor((100 * sentBytes) / sizeBytes);
}

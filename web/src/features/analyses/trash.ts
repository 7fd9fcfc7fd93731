import type { components } from "../../client.gen.ts";
import { answer, api } from "../../lib/api.ts";

export type Trashed = components["schemas"]["TrashedRead"];

const pageSize = 50;

export interface TrashPage {
  items: readonly Trashed[];
  nextCursor: string | null;
}

export async function loadTrash(cursor: string | null, signal?: AbortSignal): Promise<TrashPage> {
  const query = { limit: pageSize, ...(cursor === null ? {} : { cursor }) };
  const page = await answer(api.GET("/api/v1/trash", { params: { query }, ...(signal && { signal }) }));
  return { items: page.items, nextCursor: page.next_cursor };
}

/** For good. */
export async function removeTrashed({ id }: Trashed): Promise<void> {
  await answer(api.DELETE("/api/v1/trash/{analysis_id}", { params: { path: { analysis_id: id } } }));
}

export async function emptyTrash(): Promise<void> {
  await answer(api.DELETE("/api/v1/trash"));
}

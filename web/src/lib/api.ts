import createClient, { type MethodResponse } from "openapi-fetch";

import type { paths } from "../client.gen.ts";
import { apiOrigin } from "./endpoint.ts";
import { answerError, asRequestError, isAbort } from "./errors.ts";
import { authorizedFetch } from "./session.ts";

/** The API, typed by its OpenAPI document. Wrap each call in `answer`. */
export const api = createClient<paths>({ baseUrl: apiOrigin, credentials: "include", fetch: authorizedFetch });

/** One run on one video, as calls answer it (the generated type has pairs where `api` has lists). */
export type Analysis = MethodResponse<typeof api, "get", "/api/v1/analyses/{analysis_id}">;

/** What the climber told us about a clip. */
export type Choices = Analysis["choices"];

/** How a climber changes. */
export type Progress = MethodResponse<typeof api, "get", "/api/v1/progress">;

/** The data of a call; throws RequestError. Aborts pass through as they are. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let outcome;
  try {
    outcome = await call;
  } catch (cause) {
    throw isAbort(cause) ? cause : asRequestError(cause);
  }
  if (!outcome.response.ok) throw answerError(outcome.response, outcome.error);
  return outcome.data as T;
}

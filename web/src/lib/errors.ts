import { refusalWords } from "./refusals.ts";
import { words } from "./words.ts";

/** Only whoever runs the platform can make room: trying again would hide the reason. */
const DISK_FULL = 507;
/** An allowance that comes back tomorrow is nothing to wait for: its reason is to be read. */
const longestPauseS = 300;

/**
 * A request that did not work. `message` is a sentence for the climber: the API's own `detail`,
 * or its French, where it answered; ours where nothing answered.
 */
export class RequestError extends Error {
  readonly code: string;
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly retryAfterS: number | null;

  constructor(code: string, detail: string, status = 0, retryAfterS: number | null = null) {
    super(detail);
    this.name = "RequestError";
    this.code = code;
    this.status = status;
    this.retryAfterS = retryAfterS;
  }

  /** True where the same request may succeed while its page is still looked at. */
  get temporary(): boolean {
    if (this.retryAfterS !== null && this.retryAfterS > longestPauseS) return false;
    return this.status === 0 || this.status === 429 || (this.status >= 500 && this.status !== DISK_FULL);
  }
}

/** The error of an answer that is not 2xx. `body` is whatever the answer carried. */
export function answerError(response: Response, body: unknown): RequestError {
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const retryAfterS = Number.isFinite(seconds) ? seconds : null;
  if (typeof body === "object" && body !== null && "error" in body && "detail" in body) {
    const error = String(body.error);
    const againS = retryAfterS !== null && retryAfterS > longestPauseS ? retryAfterS : null;
    return new RequestError(error, refusalWords({ error, detail: String(body.detail) }, againS), response.status, retryAfterS);
  }
  const detail = response.status >= 500 ? words().unreachable : words().refused;
  return new RequestError("unknown", detail, response.status, retryAfterS);
}

/** Anything thrown, as a RequestError. An abort by the climber stays what it is. */
export function asRequestError(cause: unknown): RequestError {
  if (cause instanceof RequestError) return cause;
  if (cause instanceof DOMException && cause.name === "TimeoutError") {
    return new RequestError("timeout", words().tooSlow);
  }
  // fetch reports every failed connection as a TypeError
  if (cause instanceof TypeError) return new RequestError("network", words().noAnswer);
  return new RequestError("client", cause instanceof Error ? cause.message : String(cause), 400);
}

export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === "AbortError";
}

import { answer, api } from "../../lib/api.ts";
import { backoffS } from "../../lib/backoff.ts";
import { socketUrl } from "../../lib/endpoint.ts";
import { news, type News } from "../../lib/live-news.ts";
import { createStore } from "../../lib/store.ts";
import { analyses, awaitFirstPage, loadAnalysis, loadFirstPage, reloadVideo } from "./analyses.ts";
import { withEvent, type Analysis, type LiveEvent } from "./state.ts";

const pollMs = 5_000;

/** True while events arrive by the socket; false while the page asks every few seconds instead. */
export const isLive = createStore(false);

/** Grows whenever something may have happened that no event told: who shows a row beyond the first page asks for it then. */
export const looks = createStore(0);

type Snapshot = { type: "analysis.snapshot"; analysis: Analysis };
type VideoChange = { type: "video.changed"; video_id: string };
type SnapshotEnd = { type: "snapshot.end"; next_cursor: string | null };
type Message = Snapshot | SnapshotEnd | LiveEvent | VideoChange | News;

/** Keeps the analyses current until the returned function is called: one socket, else polling. */
export function follow(): () => void {
  let stopped = false;
  let attempt = 0;
  let isConnecting = false;
  let socket: WebSocket | null = null;
  let reconnectTimer: ReturnType<typeof setTimeout> | undefined;

  const retry = () => {
    isLive.set(false);
    isConnecting = false;
    if (stopped) return;
    clearTimeout(reconnectTimer);
    reconnectTimer = setTimeout(() => void connect(), backoffS(attempt, 1, 30) * 1000);
    attempt += 1;
  };

  const ready = (told: readonly Analysis[]) => {
    attempt = 0;
    isConnecting = false;
    isLive.set(true);
    const ids = new Set(told.map(({ id }) => id));
    if (analyses.get().items.some(({ id }) => !ids.has(id))) looks.set(looks.get() + 1);
  };

  const connect = async () => {
    isConnecting = true;
    try {
      const { ticket } = await answer(api.POST("/api/v1/ws-tickets"));
      if (stopped) return;
      socket = open(ticket, ready, retry);
    } catch {
      retry(); // polling shows what is wrong with the connection
    }
  };

  // A phone suspends the page with its socket: look again as soon as it is back.
  const wake = () => {
    if (document.visibilityState !== "visible") return;
    attempt = 0;
    if (isLive.get()) look(); // what it slept through
    else if (!isConnecting && socket?.readyState !== WebSocket.OPEN) retry();
  };

  // A socket over a lost network stays open for minutes and says nothing.
  const drop = () => socket?.close();

  const poll = setInterval(() => {
    if (!isLive.get() && document.visibilityState === "visible") look();
  }, pollMs);
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("offline", drop);
  void connect();

  return () => {
    stopped = true;
    clearInterval(poll);
    clearTimeout(reconnectTimer);
    document.removeEventListener("visibilitychange", wake);
    window.removeEventListener("online", wake);
    window.removeEventListener("offline", drop);
    socket?.close();
    isLive.set(false);
  };
}

function look(): void {
  looks.set(looks.get() + 1);
  void loadFirstPage().catch(() => undefined);
}

/** The socket begins with the newest page as it is now: what was deleted meanwhile is in no event. `onReady`: with its rows. */
function open(ticket: string, onReady: (told: readonly Analysis[]) => void, onClosed: () => void): WebSocket {
  const socket = new WebSocket(socketUrl(ticket));
  const take = awaitFirstPage();
  const told: Analysis[] = [];
  socket.addEventListener("message", (event: MessageEvent<string>) => {
    const message = JSON.parse(event.data) as Message;
    if (message.type === "snapshot.end") {
      take(told, (message as SnapshotEnd).next_cursor);
      onReady(told);
    } else if (message.type === "analysis.snapshot") told.push((message as Snapshot).analysis);
    else if (message.type === "video.changed") void reloadVideo((message as VideoChange).video_id).catch(() => undefined);
    else if (message.type.startsWith("analysis.")) receive(message as LiveEvent);
    else news.set(message as News); // of what other features wait for
  });
  socket.addEventListener("close", onClosed);
  return socket;
}

function receive(event: LiveEvent): void {
  const next = withEvent(analyses.get(), event);
  if (next !== null) analyses.set(next);
  else void loadAnalysis(event.analysis_id).catch(() => undefined);
}

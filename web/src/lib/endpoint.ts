/** Where the API lives: the page's own origin, unless the build names another (VITE_API_ORIGIN). */
const configured: unknown = import.meta.env["VITE_API_ORIGIN"];
export const apiOrigin = typeof configured === "string" && configured !== "" ? configured : window.location.origin;

export function apiUrl(path: string): string {
  return new URL(path, apiOrigin).href;
}

export function socketUrl(ticket: string): string {
  const url = new URL("/ws", apiOrigin);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("ticket", ticket);
  return url.href;
}

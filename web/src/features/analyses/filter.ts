import { createStore } from "../../lib/store.ts";

export const foundStates = ["done", "running", "failed"] as const;

/** What of the list is wanted, as it stands in the page's address; "" means whatever it is. Days are the reader's. */
export interface Filter {
  text: string;
  tag: string;
  route: string;
  state: (typeof foundStates)[number] | "";
  from: string;
  to: string;
}

export const noFilter: Filter = { text: "", tag: "", route: "", state: "", from: "", to: "" };

const mostChars = 80;
const day = /^\d{4}-\d{2}-\d{2}$/;

/** Out of what follows the "?" of an address. What no filter says is left out. */
export function filterIn(search: string): Filter {
  const told = new URLSearchParams(search);
  const words = (name: string) => (told.get(name) ?? "").slice(0, mostChars);
  const dayOf = (name: string) => (isDay(words(name)) ? words(name) : "");
  return {
    text: words("text"),
    tag: words("tag"),
    route: words("route"),
    state: foundStates.find((state) => state === told.get("state")) ?? "",
    from: dayOf("from"),
    to: dayOf("to"),
  };
}

/** The address of the list with it. */
export function addressOf(filter: Filter): string {
  const told = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ""));
  return told.size === 0 ? "/" : `/?${told.toString()}`;
}

export function isNarrow(filter: Filter): boolean {
  return askedOf(filter) !== null;
}

/** What the API is asked; null: for everything. Both days belong to what is found. */
export function askedOf({ text, tag, route, state, from, to }: Filter) {
  const asked = {
    ...(text.trim() === "" ? {} : { text: text.trim() }),
    ...(tag === "" ? {} : { tag }),
    ...(route === "" ? {} : { route }),
    ...(state === "" ? {} : { state }),
    ...(from === "" ? {} : { since: midnight(from, 0) }),
    ...(to === "" ? {} : { until: midnight(to, 1) }),
  };
  return Object.keys(asked).length === 0 ? null : asked;
}

/** Where the list was left: whoever comes back finds it as it was. */
export const listAddress = createStore("/");

function isDay(told: string): boolean {
  return day.test(told) && !Number.isNaN(new Date(`${told}T00:00`).getTime());
}

function midnight(of: string, daysLater: number): string {
  const at = new Date(`${of}T00:00`);
  at.setDate(at.getDate() + daysLater);
  return at.toISOString();
}

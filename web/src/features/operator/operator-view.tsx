import "./operator.css";

import type { JSX } from "preact";
import { Link } from "wouter-preact";

import { Accounts } from "./accounts.tsx";
import { Log } from "./log.tsx";
import { QueueView } from "./queue-view.tsx";
import { StorageView } from "./storage-view.tsx";
import { words } from "./words.ts";

export const parts = ["queue", "accounts", "storage", "log"] as const;
export type Part = (typeof parts)[number];

const views: Readonly<Record<Part, () => JSX.Element>> = { queue: QueueView, accounts: Accounts, storage: StorageView, log: Log };

/** Where each part is: the queue comes first. */
function addressOf(part: Part): string {
  return part === "queue" ? "/operator" : `/operator/${part}`;
}

/** What whoever runs the platform looks at, one part at a time. */
export function OperatorView({ part }: { part: Part }) {
  const { partsNav, parts: names } = words();
  const View = views[part];
  return (
    <>
      <nav class="operator-nav" aria-label={partsNav}>
        {parts.map((one) => (
          <Link key={one} href={addressOf(one)} {...(one === part ? { "aria-current": "page" } : {})} data-testid={`operator-${one}`}>
            {names[one]}
          </Link>
        ))}
      </nav>
      <View />
    </>
  );
}

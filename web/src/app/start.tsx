import { render } from "preact";

import { ErrorBoundary } from "../components/error-boundary.tsx";
import { keepAppOnDevice, loadAnew } from "../features/device/worker.ts";
import { keepLanguageTold } from "../lib/told-language.ts";
import { keepReadingTold } from "../lib/told-reading.ts";
import { noteTyping } from "../lib/unsaved.ts";
import { App } from "./app.tsx";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
keepReadingTold(); // first: pages are drawn in the units that the account reads
root.replaceChildren(); // whoever is known by now gets another page than the one that waits, and it would stay beside
render(
  <ErrorBoundary onAgain={loadAnew}>
    <App />
  </ErrorBoundary>,
  root,
);
keepLanguageTold();
noteTyping();
keepAppOnDevice();

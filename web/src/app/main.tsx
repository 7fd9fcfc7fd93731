import "./cascade.ts";

import { render } from "preact";

import { ErrorBoundary } from "../components/error-boundary.tsx";
import { noteInstallPrompt } from "../features/device/install.ts";
import { keepAppOnDevice, loadAnew } from "../features/device/worker.ts";
import { askEarly } from "../lib/early.ts";
import { warmFormats } from "../lib/formats.ts";
import { mayResume, resume } from "../lib/session.ts";
import { keepLanguageTold } from "../lib/told-language.ts";
import { keepReadingTold } from "../lib/told-reading.ts";
import { noteTyping } from "../lib/unsaved.ts";
import { App, fetchAhead } from "./app.tsx";

if (mayResume()) fetchAhead(window.location.pathname);
const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
render(
  <ErrorBoundary onAgain={loadAnew}>
    <App />
  </ErrorBoundary>,
  root,
);
keepLanguageTold();
keepReadingTold();
noteTyping();
noteInstallPrompt();
keepAppOnDevice();
void askEarly(window.location.pathname, resume());
if (mayResume()) setTimeout(warmFormats);

import "./cascade.ts";

import { noteInstallPrompt } from "../features/device/install.ts";
import { askEarly } from "../lib/early.ts";
import { warmFormats } from "../lib/formats.ts";
import { mayResume, resume } from "../lib/session.ts";
import { fetchAhead } from "./pages.ts";

// Small, and run while the rest is still on its way: who comes back has their session, and what their page begins with, asked for meanwhile.
noteInstallPrompt();
void askEarly(window.location.pathname, resume());
if (mayResume()) {
  fetchAhead(window.location.pathname);
  setTimeout(warmFormats);
}
void import("./start.tsx");

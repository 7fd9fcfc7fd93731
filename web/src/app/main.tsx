import "./tokens.css";
import "./base.css";
import "../components/button.css";

import { render } from "preact";

import { ErrorBoundary } from "../components/error-boundary.tsx";
import { resume } from "../lib/session.ts";
import { keepLanguageTold } from "../lib/told-language.ts";
import { App } from "./app.tsx";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
render(
  <ErrorBoundary>
    <App />
  </ErrorBoundary>,
  root,
);
keepLanguageTold();
void resume();

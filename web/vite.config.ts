import { defineConfig } from "vite";

import { release } from "./release.ts";

// `npm run dev` serves the client on its own port and hands API calls to a running `make up`.
const apiOrigin = process.env["ASCENSION_API"] ?? "http://localhost:8080";
// without it, the worker of earlier releases takes itself off every device
const hasWorker = process.env["VITE_SERVICE_WORKER"] !== "off";

export default defineConfig({
  plugins: [release()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // a data: URL would need a hole in the content security policy
    modulePreload: { polyfill: false }, // every browser that plays the overlay preloads modules itself
    rolldownOptions: {
      input: { index: "index.html", sw: hasWorker ? "worker/sw.ts" : "worker/farewell.ts" },
      // browsers know a worker by its address: it stays the same
      output: {
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        // what many pages share comes in few files: each one more is a round trip on a slow network
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            // what asks for the session and for a page's first data, without what draws it
            { name: "first", test: /preload-helper|openapi-fetch|src\/(?:app\/(?:code|pages)|features\/(?:device\/install|letters\/paths)|lib\/(?:api|backoff|clock|database|device-clips|early|endpoint|errors|formats?|language|memory|refusals(?:-fr)?|session|store|words(?:-en|-fr)?))\.ts$/, minShareCount: 1 },
            { name: "base", test: /(?:node_modules\/(?!mediabunny\/)|src\/(?:lib|components|app\/late|features\/(?:accounts|device\/(?:update-note|worker|words)))).*\.m?[jt]sx?$/, minShareCount: 2 },
            { name: "climbs", test: /src\/(?:app\/page-heading|features\/(?:analyses(?!\/tag-field)|uploads|climber|plans|privacy|filming\/(?:takes|cuts-folder)|device\/install-offer))[^?]*\.tsx?$/, minShareCount: 2 },
            { name: "sharing", test: /src\/features\/sharing\/(?!shared-climb).*\.tsx?$/, minShareCount: 2 },
            { name: "routes", test: /src\/features\/routes\/.*\.tsx?$/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      "/api": apiOrigin,
      "/examples": apiOrigin,
      "/ws": { target: apiOrigin, ws: true },
    },
  },
});

import { defineConfig } from "vite";

// `npm run dev` serves the client on its own port and hands API calls to a running `make up`.
const apiOrigin = process.env["ASCENSION_API"] ?? "http://localhost:8080";

export default defineConfig({
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // a data: URL would need a hole in the content security policy
    modulePreload: { polyfill: false }, // every browser that plays the overlay preloads modules itself
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

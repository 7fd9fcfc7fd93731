import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

/** Kept on every device by the worker; pictures and clips come when they are looked at. */
const keptTypes = [".html", ".js", ".css", ".svg", ".webmanifest"];
/** What gets smaller. */
const textTypes = [...keptTypes, ".json", ".txt", ".xml"];
const worker = "sw.js";
/** Whoever opens the address of a climb is nearly always logged in and needs these; of other addresses nobody knows. */
const climbCode = ["src/app/inside.tsx", "src/app/climb-page.tsx"];
/** What draws every page: asked for by the first script, and fetched beside it. */
const startCode = "src/app/start.tsx";
/** Told by the API with the page of a climb: see its `client.py`. */
const climbLinks = "climb.links";

/** After the build: the worker is told what belongs to the release, and every text gets its compressed forms. */
export function release(): Plugin {
  return {
    name: "ascension-release",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle = {} }) =>
        filesOf(bundle, ({ facadeModuleId }) => facadeModuleId?.endsWith(startCode) === true)
          .filter((file) => file.endsWith(".js"))
          .map((file) => ({ tag: "link", attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}` }, injectTo: "head" as const })),
    },
    writeBundle: {
      order: "post",
      sequential: true,
      handler: ({ dir = "dist" }, bundle) => {
        writeFileSync(join(dir, climbLinks), linksOf(bundle));
        tellWorker(dir);
        compress(dir);
      },
    },
  };
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const found = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return found.map((file) => file.slice(folder.length + 1)).sort();
}

function sha256(...parts: (string | Buffer)[]): string {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return digest.digest("hex");
}

function tellWorker(folder: string): void {
  const kept = filesIn(folder).filter((file) => keptTypes.includes(extname(file)) && file !== worker);
  const content = kept.flatMap((file) => [file, readFileSync(join(folder, file))]);
  const told = {
    name: sha256(...content).slice(0, 16),
    files: kept.map((file) => (file === "index.html" ? "/" : `/${file}`)),
    pageSha256: sha256(readFileSync(join(folder, "index.html"))),
  };
  const path = join(folder, worker);
  writeFileSync(path, readFileSync(path, "utf8").replaceAll("__RELEASE__", JSON.stringify(told)));
}

/** A `Link` header: the browser fetches a climb's code beside the script that would ask for it one answer later. */
function linksOf(bundle: Rolldown.OutputBundle): string {
  // first of all the entry: it asks for the session
  const found = filesOf(bundle, ({ name }) => name === "index", ({ facadeModuleId }) => [startCode, ...climbCode].some((path) => facadeModuleId?.endsWith(path) === true));
  const how = (file: string) => (file.endsWith(".css") ? "rel=preload; as=style" : "rel=modulepreload");
  return found.map((file) => `</${file}>; ${how(file)}`).join(", ");
}

/** Chunks, what they import, and the styles of both; each once. */
function filesOf(bundle: Rolldown.OutputBundle, ...wanted: ((chunk: Rolldown.OutputChunk) => boolean)[]): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
  const found = new Set<string>();
  const add = (isMeant: (chunk: Rolldown.OutputChunk) => boolean) => {
    for (const chunk of chunks.filter((one) => isMeant(one) && !found.has(one.fileName))) {
      for (const file of [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])]) found.add(file);
      add(({ fileName }) => chunk.imports.includes(fileName));
    }
  };
  wanted.forEach(add);
  return [...found];
}

/** Once here, at the highest level, and not for every visitor; the API picks by what the browser accepts. */
function compress(folder: string): void {
  for (const file of filesIn(folder).filter((one) => textTypes.includes(extname(one)))) {
    const content = readFileSync(join(folder, file));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
    for (const [suffix, small] of [[".br", brotliCompressSync(content, quality)], [".gz", gzipSync(content, { level: 9 })]] as const) {
      if (small.length < content.length) writeFileSync(join(folder, file + suffix), small);
    }
  }
}

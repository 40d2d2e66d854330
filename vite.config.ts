/**
 * The web bundles: the writing room, one small script per behaviour, and the styles. Every file of
 * `editor/scripts/` is an entry of its own, so adding a behaviour is adding a file. Pages find the
 * hashed names in `build/web/.vite/manifest.json`.
 */
import { existsSync, globSync } from "node:fs";
import { defineConfig } from "vite";

const always = ["editor/writing.ts", "editor/styles/site.scss", "editor/styles/writing.scss"];
const scripts = globSync("editor/scripts/*.ts").filter((name) => !name.endsWith(".d.ts"));

export default defineConfig({
  base: "./",
  publicDir: false,
  css: {
    // Bootstrap's own Sass still uses what newer Sass deprecates; its warnings are not ours to mend.
    preprocessorOptions: { scss: { quietDeps: true, silenceDeprecations: ["import", "global-builtin", "color-functions"] } },
  },
  build: {
    outDir: "build/web",
    // Pages that are open go on asking for the files of the build before; `make clean` removes them.
    emptyOutDir: false,
    manifest: true,
    target: "es2022",
    assetsInlineLimit: 0,
    // A preload helper would be a script of its own on every page.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [...always, ...scripts].filter((name) => existsSync(name)).sort() },
  },
});

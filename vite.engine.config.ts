/**
 * The engine: the schema and its rules as one classic script, for V8 inside Python
 * (document/engine.py). No DOM, no modules, no timers: nothing of them exists there.
 */
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: "build/engine",
    emptyOutDir: false,
    target: "es2024",
    lib: { entry: "editor/engine/index.ts", formats: ["iife"], name: "Engine", fileName: () => "engine.js" },
  },
});

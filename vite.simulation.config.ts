/** The simulation of many writers (editor/simulation/) as one file that node runs: `bench/faults/convergence.py` builds it. */
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  // The sentences as they are written, without those that a page would bring.
  mode: "simulation",
  build: { ssr: "editor/simulation/main.ts", outDir: "build/simulation", emptyOutDir: true, target: "es2024", minify: false, copyPublicDir: false },
});

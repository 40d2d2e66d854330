import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["editor/tests/**/*.test.ts"], environment: "node", testTimeout: 20_000 },
});

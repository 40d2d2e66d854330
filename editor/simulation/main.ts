/**
 * `vite build --config vite.simulation.config.ts`, then `node build/simulation/main.js --from 1 --to 3000`
 * (and `--clients 5`, `--changes 60`): tells stories and prints one line of JSON for each, for
 * `bench/faults/convergence.py`. With `--remote 1` the server is whoever reads the output (remote.ts).
 */
import { opening } from "./opening.ts";
import { Remote } from "./remote.ts";
import { tell } from "./story.ts";

const option = (name: string, fallback: number): number => {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? fallback : Number(process.argv[place + 1]);
};

const server = option("remote", 0) ? new Remote() : undefined;
// Prosemirror warns of selections that only a random hand makes.
console.warn = () => undefined;
for (let seed = option("from", 1); seed <= option("to", 10); seed++) {
  await server?.begin(opening(), seed);
  const told = await tell(seed, { clients: option("clients", 5), changes: option("changes", 60), ...(server ? { server } : {}) });
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
process.exit(0);

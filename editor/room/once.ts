/**
 * Code that comes when it is first asked for, and is kept. `import()` gives what has long come only
 * a task later, and keys typed right behind a click would go into the text instead of the dialog.
 */
export function once<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let here: Module | null = null;
  return async () => (here ??= await load());
}

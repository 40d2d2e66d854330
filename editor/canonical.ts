/**
 * One way to write a value: keys sorted, no spaces. Python writes the same bytes with
 * `json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)`.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const members = Object.keys(value)
    .sort()
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`);
  return `{${members.join(",")}}`;
}

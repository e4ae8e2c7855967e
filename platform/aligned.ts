/** One line per entry, with the values in a column. */
export function aligned(entries: Readonly<Record<string, string | number>>): string {
  const width = Math.max(...Object.keys(entries).map((name) => name.length));
  return Object.entries(entries)
    .map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
    .join('\n');
}

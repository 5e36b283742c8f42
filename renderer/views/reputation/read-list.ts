/** A list of a million addresses is a pattern pack, not a list of a policy. */
const MAX_BYTES = 4 * 1024 * 1024

/**
 * Entries of a file of addresses (W40, W41, W43): one per line, of a table the first column; quotes, remarks (`#`) and empty lines are
 * left out. What is no entry the engine refuses when the policy is saved, with its place.
 * @returns undefined when the file is too large
 */
export async function readListFile(file: Blob): Promise<string[] | undefined> {
  if (file.size > MAX_BYTES) return undefined
  const text = (await file.text()).replace(/^\ufeff/, '')
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => firstCell(line).trim())
    .filter((entry) => entry !== '' && !entry.startsWith('#'))
}

/** Semicolons and tabs part columns; a comma only where a quoted cell or a table makes it one: addresses may hold commas. */
function firstCell(line: string): string {
  const quoted = /^\s*"((?:[^"]|"")*)"/.exec(line)?.[1]
  if (quoted !== undefined) return quoted.replaceAll('""', '"')
  return /^[^;\t]*/.exec(/^[^\s,/?]+,/.test(line) ? line.slice(0, line.indexOf(',')) : line)?.[0] ?? ''
}

/** Entries put behind those that are there, each once. */
export const joinLists = (before: readonly string[], more: readonly string[]): string[] => [
  ...new Set([...before, ...more]),
]

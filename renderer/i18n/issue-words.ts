/** The words of an issue code `<importer>.<what>`: the importer's own text, else the code itself. */
export function sayIssue(words: { te(key: string): boolean; t(key: string): string }, code: string): string {
  const [importer, ...what] = code.split('.')
  const key = `importer.${importer}.issue.${what.join('.')}`
  return words.te(key) ? words.t(key) : code
}

import { words, type Words } from '../document.ts'

/** The importer's own words for an issue code such as `json-lines.syntax`, as a label. */
export function issueWords(code: string): Words {
  const at = code.indexOf('.')
  return {
    ...words(`importer.${code.slice(0, at)}.issue.${code.slice(at + 1)}`),
    fallback: code,
    asLabel: true,
  }
}

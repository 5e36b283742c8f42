import type { Finding, Verification } from '../../contract/nouns/verify.ts'
import type { TextParams } from '../../model/text.ts'

/** Collects what holds and what does not; the words are `verify.<code>` (core/export/verify.words.ts). */
export class Findings {
  readonly #findings: Finding[] = []
  readonly #holds: Verification['holds'] = []

  problem(code: string, where: string, params: TextParams = {}): void {
    this.#add('problem', code, where, params)
  }
  note(code: string, where: string, params: TextParams = {}): void {
    this.#add('note', code, where, params)
  }
  holds(code: string, where: string, params: TextParams = {}): void {
    this.#holds.push({ code, where, what: { key: `verify.${code}`, params: { ...params } } })
  }
  #add(level: Finding['level'], code: string, where: string, params: TextParams): void {
    // A broken disk breaks thousands of blocks: the count is what matters, the first places suffice.
    const same = this.#findings.filter((finding) => finding.code === code).length
    if (same < MAX_SAME) {
      this.#findings.push({ code, level, where, what: { key: `verify.${code}`, params: { ...params } } })
    } else if (same === MAX_SAME && level === 'problem')
      this.#findings.push({
        code: 'more',
        level,
        where: code,
        what: { key: 'verify.more', params: { code } },
      })
  }
  get hasProblem(): boolean {
    return this.#findings.some(({ level }) => level === 'problem')
  }
  has(code: string): boolean {
    return this.#findings.some((finding) => finding.code === code)
  }
  list(): Finding[] {
    const seen = new Set<string>()
    return this.#findings.filter(({ code, where }) => {
      if (code !== 'more') return true
      if (seen.has(where)) return false
      seen.add(where)
      return true
    })
  }
  listHolds(): Verification['holds'] {
    return [...this.#holds]
  }
}

/** Findings of one code that are told one by one. */
const MAX_SAME = 50

import type { UrlAnalysis } from '../../contract/nouns/reputation.ts'
import { signs } from './registry.ts'
import type { Sign, Subject } from './sign.ts'

/** From which sum on a level is given; chosen on the samples, figures in docs/reputation.md. */
export const THRESHOLDS = { suspicious: 3, highlySuspicious: 5, dangerous: 8 } as const

export type Opinion = Pick<UrlAnalysis, 'level' | 'category' | 'score' | 'signs'>

/** All signs that are there, the heaviest first, and what their sum means. */
export function analyse(subject: Subject): Opinion {
  const there = signs.flatMap((sign) => {
    const found = sign.find(subject)
    return found === undefined ? [] : [{ sign, found: found.slice(0, 200) }]
  })
  there.sort((a, b) => b.sign.weight - a.sign.weight || (a.sign.id < b.sign.id ? -1 : 1))
  const score = there.reduce((sum, { sign }) => sum + sign.weight, 0)
  const level = levelOf(score)
  return {
    level,
    category: level === 'none' ? 'none' : categoryOf(there.map(({ sign }) => sign)),
    score,
    signs: there.map(({ sign, found }) => ({
      id: sign.id,
      text: { key: `sign.${sign.id}`, params: { found } },
      weight: sign.weight,
    })),
  }
}

function levelOf(score: number): Opinion['level'] {
  if (score >= THRESHOLDS.dangerous) return 'dangerous'
  if (score >= THRESHOLDS.highlySuspicious) return 'highly-suspicious'
  return score >= THRESHOLDS.suspicious ? 'suspicious' : 'none'
}

/** After passwords in somebody else's name is credential phishing (W6); everything else is deception. */
function categoryOf(found: readonly Sign[]): Opinion['category'] {
  const has = (about: Sign['about']): boolean => found.some((sign) => sign.about === about)
  return has('credentials') && has('identity') ? 'credential-phishing' : 'deception'
}

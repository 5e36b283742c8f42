import type { CriteriaNode } from '../../contract/nouns/sweep.ts'
import type { IndicatorReader } from './indicator-reader.ts'
import { listOf, member, readJson, textOf } from './read-json.ts'
import { addSigmaRules } from './sigma-rules.ts'
import { readStixPattern } from './stix-pattern.ts'

/** Labels of STIX 2.0 and types of 2.1 that do not mean harm (threat-investigation.md 3.5). */
const HARMLESS = new Set(['benign', 'anonymization'])

const stixBundle: IndicatorReader = {
  id: 'stix-bundle',
  texts: {
    en: {
      title: 'STIX bundle',
      description:
        'Indicators of a STIX 2.0 or 2.1 bundle that are not revoked and not labelled benign. Patterns with AND, OR, =, IN, LIKE, MATCHES and ISSUBSET are read; Sigma patterns too.',
    },
    'zh-TW': {
      title: 'STIX bundle',
      description:
        'STIX 2.0 或 2.1 bundle 中未撤銷且未標示為無害的指標。可讀取含 AND、OR、=、IN、LIKE、MATCHES 與 ISSUBSET 的樣式，以及 Sigma 樣式。',
    },
    ja: {
      title: 'STIX バンドル',
      description:
        'STIX 2.0・2.1 バンドルのインジケーターのうち、失効しておらず無害の印もないもの。AND、OR、=、IN、LIKE、MATCHES、ISSUBSET を含むパターンと Sigma のパターンを読みます。',
    },
  },
  detect: (head) =>
    /^\s*\{/.test(head) &&
    /"(?:type"\s*:\s*"bundle|id"\s*:\s*"bundle--)/.test(head) &&
    /"objects"\s*:/.test(head)
      ? 0.95
      : 0,
  read(text, list) {
    const objects = listOf(readJson(text), 'objects')
    const nodes: CriteriaNode[] = []
    for (const one of objects) {
      if (textOf(one, 'type') !== 'indicator' || member(one, 'revoked') === true) continue
      const words = [...listOf(one, 'indicator_types'), ...listOf(one, 'labels')].map(String)
      if (words.length > 0 && words.every((word) => HARMLESS.has(word))) continue
      const title = textOf(one, 'name') || words.join(', ')
      const kind = textOf(one, 'pattern_type')
      const pattern = textOf(one, 'pattern')
      if (kind === 'sigma') nodes.push(...addSigmaRules(pattern, title, list))
      else if (kind === '' || kind === 'stix') nodes.push(readStixPattern(pattern, title, list))
      else nodes.push(list.addUnsupported(pattern.slice(0, 300), `${kind} ${title}`, 'kind'))
    }
    const report = objects.find((one) => textOf(one, 'type') === 'report')
    return { name: textOf(report, 'name') || undefined, nodes }
  },
}
export default stixBundle

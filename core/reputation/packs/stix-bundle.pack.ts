import { rejected } from './rejected.ts'
import type { RiskLevel } from '../../model/verdict.ts'
import { parseIso } from '../../store/time.ts'
import { toIndicatorPattern } from './indicator.ts'
import { levelOf, type PackReader, type PackUnit } from './pack-reader.ts'
import { newer } from './phishtank.ts'
import { listOf, member, readJson, textOf } from './read-json.ts'
import { stixAddresses } from './stix-pattern.ts'

/** Indicator types (2.1) and labels (2.0) as risk levels. */
const LEVELS: Readonly<Record<string, RiskLevel>> = {
  'malicious-activity': 'dangerous',
  compromised: 'highly-suspicious',
  'anomalous-activity': 'suspicious',
  anonymization: 'suspicious',
  attribution: 'highly-suspicious',
  benign: 'safe',
  '*': 'highly-suspicious',
}

/** Indicators of a STIX 2.0 or 2.1 bundle (formats.md D3) that name URLs, domains or addresses. */
const stixBundle: PackReader = {
  id: 'stix-bundle',
  texts: {
    en: {
      title: 'STIX bundle',
      description:
        'STIX 2.0 and 2.1 indicators that name URLs, domains or addresses; patterns that ask for more are counted as rejected.',
    },
    'zh-TW': {
      title: 'STIX bundle',
      description: 'STIX 2.0 與 2.1 中指明 URL、網域或位址的指標；要求更多條件的樣式計為拒收。',
    },
    ja: {
      title: 'STIX バンドル',
      description:
        'URL、ドメイン、アドレスを指す STIX 2.0・2.1 のインジケーター。それ以上の条件を持つパターンは拒否として数えます。',
    },
  },
  levels: LEVELS,
  detect: (head) =>
    /^\s*\{/.test(head) &&
    /"(?:type"\s*:\s*"bundle"|id"\s*:\s*"bundle--)/.test(head) &&
    /"objects"\s*:/.test(head)
      ? 0.95
      : 0,
  *read(chunks, options): Iterable<PackUnit> {
    const objects = listOf(readJson(chunks), 'objects')
    const names = new Map(objects.map((one) => [textOf(one, 'id'), textOf(one, 'name')]))
    let newest: number | undefined
    // The pack is named after its file: reports of one publisher share names ("Campaign Report"), and a pack of a name
    // that is there already would replace that one.
    for (const [index, one] of objects.entries()) {
      newest = newer(newest, parseIso(textOf(one, 'modified')))
      if (textOf(one, 'type') !== 'indicator' || member(one, 'revoked') === true) continue
      const type = textOf(one, 'pattern_type')
      const addresses = type === '' || type === 'stix' ? stixAddresses(textOf(one, 'pattern')) : undefined
      // Patterns on files, processes and the like are no mistake: nothing a URL is judged by.
      if (addresses === undefined) {
        if (/(?:url|domain-name|ipv[46]-addr):value/.test(textOf(one, 'pattern')))
          yield rejected(index + 1, textOf(one, 'pattern'))
        continue
      }
      const word = [...listOf(one, 'indicator_types'), ...listOf(one, 'labels')].map(String)[0] ?? ''
      const creator = names.get(textOf(one, 'created_by_ref')) ?? ''
      for (const { kind, value } of addresses) {
        const pattern = toIndicatorPattern(kind, value)
        if (pattern === undefined) {
          yield rejected(index + 1, textOf(one, 'pattern'))
          continue
        }
        yield {
          kind: 'entry',
          pattern,
          text: value,
          level: levelOf(options, LEVELS, word),
          category: word === '' ? undefined : word,
          firstSeenAt: parseIso(textOf(one, 'valid_from')),
          expiresAt: parseIso(textOf(one, 'valid_until')),
          note:
            [textOf(one, 'name'), creator].filter((part) => part !== '' && part !== value).join('; ') ||
            undefined,
        }
      }
    }
    yield { kind: 'header', source: 'STIX', createdAt: newest }
  },
}
export default stixBundle

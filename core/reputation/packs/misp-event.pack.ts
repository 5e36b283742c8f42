import { rejected } from './rejected.ts'
import type { RiskLevel } from '../../model/verdict.ts'
import { parseIso } from '../../store/time.ts'
import { PackDefect } from '../pack-refusal.ts'
import { type IndicatorKind, toIndicatorPattern } from './indicator.ts'
import { levelOf, type PackReadOptions, type PackReader, type PackUnit } from './pack-reader.ts'
import { listOf, member, readJson, textOf } from './read-json.ts'

/** Threat levels of an event (1 high to 4 undefined) as risk levels. */
const LEVELS: Readonly<Record<string, RiskLevel>> = {
  '1': 'dangerous',
  '2': 'dangerous',
  '3': 'highly-suspicious',
  '4': 'highly-suspicious',
  '*': 'highly-suspicious',
}

/** Attribute types a URL can be judged by; the part behind `|` is left out unless it is the address. */
const KINDS: Readonly<Record<string, IndicatorKind>> = {
  url: 'url',
  uri: 'url',
  link: 'url',
  domain: 'domain',
  'domain|ip': 'domain',
  hostname: 'hostname',
  'hostname|port': 'hostname',
  'ip-dst': 'ip',
  'ip-dst|port': 'ip:port',
}

const isTrue = (value: unknown): boolean => value === true || value === 1 || value === '1' || value === 'true'

/** MISP event (formats.md D2), alone, in an API answer, or several in a list. Only attributes marked for detection count. */
const mispEvent: PackReader = {
  id: 'misp-event',
  texts: {
    en: {
      title: 'MISP event',
      description:
        'Event of MISP or of a MISP feed: its URLs, domains, hosts and addresses that are marked for detection.',
    },
    'zh-TW': {
      title: 'MISP 事件',
      description: 'MISP 或 MISP feed 的事件：其中標記供偵測使用的 URL、網域、主機與位址。',
    },
    ja: {
      title: 'MISP イベント',
      description:
        'MISP または MISP フィードのイベント。検知対象とされた URL、ドメイン、ホスト、アドレスを読み取ります。',
    },
  },
  levels: LEVELS,
  detect: (head) =>
    /^\s*[[{]/.test(head) &&
    /"Event"\s*:\s*\{/.test(head) &&
    /"(?:threat_level_id|Orgc|Attribute|info)"\s*:/.test(head)
      ? 0.95
      : 0,
  *read(chunks, options): Iterable<PackUnit> {
    const whole = readJson(chunks)
    const isList = Array.isArray(whole)
    const found = (isList ? (whole as unknown[]) : [whole, ...listOf(whole, 'response')]).map((one) =>
      member(one, 'Event'),
    )
    const events = found.filter((one) => one !== undefined)
    // Of a feed: events that its manifest names and that were not there.
    for (const [index, one] of found.entries()) if (isList && one === undefined) yield rejected(index + 1, '')
    if (events.length === 0 && !isList) throw new PackDefect('pack.field', { field: 'Event' })
    for (const event of events) yield* readEvent(event, options)
    if (events.length === 1) yield { kind: 'header', name: textOf(events[0], 'info') || undefined }
    // Several events in one file go by the name of the file, and are as new as the newest of them.
    yield { kind: 'header', createdAt: newestOf(events) }
  },
}

/** @returns microseconds; undefined when no event says when it was made */
function newestOf(events: readonly unknown[]): number | undefined {
  const times = events.flatMap((event) => {
    const seconds = Number(textOf(event, 'timestamp'))
    return (seconds > 0 ? seconds * 1_000_000 : parseIso(`${textOf(event, 'date')}T00:00:00Z`)) ?? []
  })
  return times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b))
}

function* readEvent(event: unknown, options: PackReadOptions): Iterable<PackUnit> {
  yield { kind: 'header', source: textOf(member(event, 'Orgc'), 'name') || 'MISP' }
  const level = textOf(event, 'threat_level_id')
  const attributes = [
    ...listOf(event, 'Attribute'),
    ...listOf(event, 'Object').flatMap((one) => listOf(one, 'Attribute')),
  ]
  for (const [index, attribute] of attributes.entries()) {
    const kind = KINDS[textOf(attribute, 'type')]
    if (kind === undefined || isTrue(member(attribute, 'deleted'))) continue
    if (!isTrue(member(attribute, 'to_ids')) && options.all !== true) {
      yield { kind: 'unmarked' }
      continue
    }
    const written = textOf(attribute, 'value')
    const [first = '', second = ''] = written.split('|')
    const value =
      kind === 'ip:port' && second !== '' ? `${first}:${second}` : kind === 'url' ? written : first
    const pattern = toIndicatorPattern(kind, value)
    if (pattern === undefined) {
      yield rejected(index + 1, `${kind}: ${written}`)
      continue
    }
    const comment = textOf(attribute, 'comment')
    yield {
      kind: 'entry',
      pattern,
      text: value,
      level: levelOf(options, LEVELS, level),
      category: textOf(attribute, 'category') || undefined,
      firstSeenAt: parseIso(textOf(attribute, 'first_seen')),
      note: comment === '' ? undefined : comment,
    }
  }
}
export default mispEvent

import { entity, joinLines, outside, type Block, type Line } from '../document.ts'
import { withFullNames } from '../facts/full-names.ts'
import { readinessTable } from '../facts/readiness.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'
import { listCustody } from '../facts/custody.ts'
import { limitationTexts } from './limitations/texts.ts'
import { notTaken, unreadMembers } from './limitations/left-out.ts'

export default {
  id: 'limitations',
  order: 170,
  // What is missing cannot be left out: only how long the names are, and what holds for every report.
  options: [
    { id: 'readiness', kind: 'flag', default: true },
    { id: 'endpoints', kind: 'number', default: 60, min: 0, max: 5000 },
    { id: 'reading', kind: 'flag', default: true },
  ],
  texts: limitationTexts,
  async build(context): Promise<readonly Block[]> {
    const { ask, words, flag, count, case: info } = context
    const most = count('endpoints')
    const [overview, evidence, histogram, custody] = await Promise.all([
      ask('overview.get', {}),
      ask('evidence.list', {}),
      ask('event.histogram', { buckets: 10 }),
      listCustody(context),
    ])
    const unread = await unreadMembers(context)
    const missing = overview.endpointsWithoutSensor
    const sensors: Line[] =
      missing.length === 0
        ? []
        : [
            [
              words('sensors', { count: missing.length }),
              ...joinLines(
                (await withFullNames(context, missing.slice(0, most))).map((ref): Line => [entity(ref)]),
                outside('·'),
              ),
              ...(missing.length > most ? [shared('more', { n: missing.length - most })] : []),
            ],
          ]
    const cite = (id: string) => ({ kind: 'cite' as const, ref: `E${id}` })
    const gaps: Line[] = [
      ...(info.correlationStale ? [[words('staleLinks')]] : []),
      ...info.failedRules.map((rule) => [words('ruleFailed', { rule })]),
      ...evidence.flatMap((item): Line[] => [
        ...(item.status === 'done' || item.status === 'done-with-rejects'
          ? []
          : [[words('unfinished', { name: item.name }), cite(item.id)]]),
        ...(item.rejected > 0
          ? [[words('rejected', { name: item.name, count: item.rejected }), cite(item.id)]]
          : []),
        ...(unread.has(item.id)
          ? [[words('unread', { name: item.name, count: unread.get(item.id) ?? 0 }), cite(item.id)]]
          : []),
        ...(item.stale ? [[words('stale', { name: item.name }), cite(item.id)]] : []),
        ...(item.zoneAssumed
          ? [[words('assumed', { name: item.name, zone: item.zone }), cite(item.id)]]
          : []),
      ]),
      ...notTaken(context, custody, evidence),
      ...(histogram.undated > 0 ? [[words('undated', { count: histogram.undated })]] : []),
      ...sensors,
    ]
    const readiness = readinessTable({ words }, overview, 'readiness')
    const reading: readonly Block[] = [
      { block: 'heading', text: [words('method')] },
      {
        block: 'list',
        items: ['candidate', 'absence', 'clock', 'risk', 'chain'].map((key) => [words(`method.${key}`)]),
      },
    ]
    return [
      ...(flag('readiness') ? [readiness] : []),
      { block: 'heading', text: [words('gaps')] },
      gaps.length === 0 ? { block: 'paragraph', text: [words('noGaps')] } : { block: 'list', items: gaps },
      ...(flag('reading') ? reading : []),
    ]
  },
} satisfies Section

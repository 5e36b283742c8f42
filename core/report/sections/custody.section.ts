import { type Inline, join, type Line, outside } from '../document.ts'
import { toDetails, toPlainName } from '../../model/audit-details.ts'
import { listCustody } from '../facts/custody.ts'
import type { ReportContext } from '../context.ts'
import type { Section } from '../section.ts'
import { detailTexts } from './custody/detail-texts.ts'
import { custodyTexts } from './custody/texts.ts'
import { shared } from '../words.ts'

/**
 * The details of an audit entry, each by its name. Hashes that the manifest prints whole are shortened; paths of the analyst's machine
 * are left out, as everywhere in a report.
 */
function detailLine(
  details: Readonly<Record<string, unknown>>,
  whole: ReadonlySet<string>,
  words: ReportContext['words'],
): Line {
  const nameOf = (name: string): Inline =>
    Object.hasOwn(detailTexts.en, `detail.${name}`) ? words(`detail.${name}`) : outside(toPlainName(name))
  const valueOf = (value: string): Inline =>
    value === 'true' || value === 'false'
      ? words(value === 'true' ? 'detail.yes' : 'detail.no')
      : outside(whole.has(value) ? `${value.slice(0, 16)}…` : value)
  return toDetails(details)
    .filter(({ name }) => name !== 'path')
    .flatMap(({ name, value }, index) => [
      ...(index === 0 ? [] : [join, outside(';')]),
      nameOf(name),
      join,
      outside(':'),
      valueOf(value),
    ])
}

export default {
  id: 'custody',
  order: 60,
  // A long case has tens of thousands of entries; the first and the last ones tell the story, the case holds all.
  options: [{ id: 'rows', kind: 'number', default: 400, min: 2, max: 20_000 }],
  texts: {
    en: { ...custodyTexts.en, ...detailTexts.en },
    'zh-TW': { ...custodyTexts['zh-TW'], ...detailTexts['zh-TW'] },
    ja: { ...custodyTexts.ja, ...detailTexts.ja },
  },
  async build(context) {
    const { words, time, ask, case: info } = context
    const most = context.count('rows')
    const [rows, chain, items] = await Promise.all([
      listCustody(context),
      ask('audit.verify', {}),
      ask('evidence.list', {}),
    ])
    const hashes = new Set(items.map((item) => item.sha256))
    const shown =
      rows.length <= most
        ? rows
        : [...rows.slice(0, Math.ceil(most / 2)), ...rows.slice(-Math.floor(most / 2))]
    const left = rows.length - shown.length
    return [
      {
        block: 'paragraph',
        text: [words('intro'), chain.ok ? words('whole') : words('broken', { at: chain.brokenAt ?? 0 })],
      },
      {
        block: 'table',
        columns: [
          { header: words('seq'), width: 6, align: 'right' },
          { header: shared('column.time', { zone: info.zone }), width: 13 },
          { header: words('actor'), width: 8 },
          { header: words('action'), width: 13 },
          { header: words('details'), width: 46 },
          { header: words('hash'), width: 14 },
        ],
        rows: shown.map((row) => ({
          cells: [
            [outside(String(row.seq))],
            [outside(time(row.at))],
            [outside(row.actor)],
            [
              { ...words(`action.${row.action}`), fallback: row.action },
              ...(row.evidenceId === null ? [] : [{ kind: 'cite' as const, ref: `E${row.evidenceId}` }]),
            ],
            detailLine(row.details, hashes, words),
            [outside(`${row.hash.slice(0, 12)}…`, 'mono')],
          ],
        })),
        empty: words('empty'),
      },
      ...(left > 0
        ? [{ block: 'paragraph' as const, text: [words('left', { count: left })], look: 'note' as const }]
        : []),
    ]
  },
} satisfies Section

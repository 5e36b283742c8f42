import { outside } from '../document.ts'
import { listCustody } from '../facts/custody.ts'
import type { Section } from '../section.ts'
import { custodyTexts } from './custody/texts.ts'
import { shared } from '../words.ts'

/**
 * Plain details of an audit entry as `name=value`. Keys come from a case file that may be foreign: text, not names.
 * Hashes that the manifest prints whole are shortened; paths of the analyst's machine are left out, as everywhere in a report.
 */
const detailText = (details: Readonly<Record<string, unknown>>, whole: ReadonlySet<string>): string =>
  Object.entries(details)
    .filter(([name]) => name !== 'path')
    .map(
      ([name, value]) =>
        `${name}=${typeof value !== 'string' ? JSON.stringify(value) : whole.has(value) ? `${value.slice(0, 16)}…` : value}`,
    )
    .join('; ')

export default {
  id: 'custody',
  order: 60,
  // A long case has tens of thousands of entries; the first and the last ones tell the story, the case holds all.
  options: [{ id: 'rows', kind: 'number', default: 400, min: 2, max: 20_000 }],
  texts: custodyTexts,
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
            [outside(detailText(row.details, hashes))],
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

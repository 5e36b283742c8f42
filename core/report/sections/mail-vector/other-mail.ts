import type { MessageDetail } from '../../../contract/nouns/mail.ts'
import { assetsOfFinding } from '../../../indicators/finding-assets.ts'
import type { ReportContext } from '../../context.ts'
import { joinLines, lineBreak, outside, risk, type Block, type Line } from '../../document.ts'
import { citeSources, onePerItem } from '../../facts/citations.ts'
import { isPerhapsByMail, weightyFindings } from '../../facts/findings.ts'
import { BAD_RISKS } from '../../facts/told-path.ts'
import { shared } from '../../words.ts'

/** Messages that somebody opened looked at, the worst rated first, and rows printed. */
const MAX_TOUCHED = 60
const MAX_ROWS = 30

/** What a product does to mail that it takes for bad. A user deletes mail as well: that says nothing. */
const HELD: ReadonlySet<string> = new Set(['quarantined', 'junked', 'stopped'])
const wasHeld = ({ history }: MessageDetail): boolean =>
  history.some(({ steps }) => steps.some(({ action }) => HELD.has(action)))

interface Other {
  readonly message: MessageDetail
  readonly tie: Line
}

/** Mail beside the vector: what other findings name, and what was opened and is rated badly, with no more said of it than is known. */
export async function otherMail(context: ReportContext, vectorId: string | null): Promise<readonly Block[]> {
  const { words, time, case: info } = context
  const rows = [...(await namedByFindings(context, vectorId))]
  const known = new Set([vectorId, ...rows.map(({ message }) => message.id)])
  const parts = await messagesOfFindings(context)
  for (const message of await touchedAndBad(context)) {
    if (known.has(message.id)) continue
    const n = parts.get(message.id)
    rows.push({ message, tie: [n === undefined ? words('tie.none') : words('tie.part', { n })] })
  }
  if (rows.length === 0) return []
  return [
    {
      block: 'table',
      caption: words('other'),
      columns: [
        { header: words('subject'), width: 22 },
        { header: words('from'), width: 18 },
        { header: shared('column.time', { zone: info.zone }), width: 13 },
        { header: words('touched'), width: 14 },
        { header: words('against'), width: 13 },
        { header: words('tie'), width: 12 },
        { header: shared('column.evidence'), width: 8 },
      ],
      rows: rows.slice(0, MAX_ROWS).map(({ message, tie }) => ({
        cells: [
          [outside(message.subject)],
          [outside(message.from, 'address')],
          [outside(time(message.deliveredAt ?? message.sentAt))],
          touchedLine(context, message),
          joinLines(
            [
              ...(message.risk.now === null ? [] : [[risk(message.risk.now)]]),
              ...(wasHeld(message) ? [[words('against.product')]] : []),
            ],
            lineBreak,
          ),
          tie,
          citeSources(context, onePerItem(message.sources).slice(0, 2)),
        ],
      })),
      empty: shared('none'),
    },
    { block: 'paragraph', text: [words('otherNote')], look: 'note' },
  ]
}

async function namedByFindings(context: ReportContext, vectorId: string | null): Promise<readonly Other[]> {
  const ties = new Map<string, Line[]>()
  for (const { number, finding } of await weightyFindings(context)) {
    const id = finding.emailVector?.message.id
    if (id === undefined || id === vectorId) continue
    const key = isPerhapsByMail(finding) ? 'tie.perhaps' : 'tie.finding'
    ties.set(id, [...(ties.get(id) ?? []), [context.words(key, { n: number })]])
  }
  return Promise.all(
    [...ties].map(async ([id, lines]) => ({
      message: await context.ask('mail.get', { id }),
      tie: joinLines(lines, lineBreak),
    })),
  )
}

/** Messages that are parts of findings, by the heaviest of them. */
async function messagesOfFindings(context: ReportContext): Promise<ReadonlyMap<string, number>> {
  const parts = new Map<string, number>()
  for (const { number, finding } of await weightyFindings(context))
    for (const { entity, roles } of await assetsOfFinding(context.ask, finding.id))
      if (entity.kind === 'message' && roles.length > 0 && !parts.has(entity.id)) parts.set(entity.id, number)
  return parts
}

async function touchedAndBad({ ask }: ReportContext): Promise<readonly MessageDetail[]> {
  const { rows } = await ask('mail.list', { touchedOnly: true, order: 'risk', limit: MAX_TOUCHED })
  const messages = await Promise.all(rows.map(({ id }) => ask('mail.get', { id })))
  return messages.filter((message) => BAD_RISKS.includes(message.risk.now) || wasHeld(message))
}

function touchedLine({ words }: ReportContext, { recipients }: MessageDetail): Line {
  const count = (of: (one: MessageDetail['recipients'][number]) => boolean): number =>
    recipients.filter(of).length
  const clicked = count((one) => one.clickedAt !== null && !one.perhaps.includes('clicked'))
  const executed = count((one) => one.executedAt !== null && !one.perhaps.includes('executed'))
  const perhaps = count((one) => one.perhaps.length > 0)
  return joinLines(
    [
      ...(clicked > 0 ? [[words('touched.clicked', { count: clicked })]] : []),
      ...(executed > 0 ? [[words('touched.executed', { count: executed })]] : []),
      ...(perhaps > 0 ? [[words('touched.perhaps', { count: perhaps })]] : []),
    ],
    lineBreak,
  )
}

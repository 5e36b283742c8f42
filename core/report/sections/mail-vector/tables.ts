import type { MessageDetail } from '../../../contract/nouns/mail.ts'
import type { ReportContext } from '../../context.ts'
import {
  confidence,
  entity,
  joinLines,
  lineBreak,
  number,
  outside,
  risk,
  words as keyed,
  type Block,
  type Line,
  type Words,
} from '../../document.ts'
import { citeProofs, citeSparingly, proofsOfRelation } from '../../facts/citations.ts'
import { relationWords, shared } from '../../words.ts'
import { copyLine } from './copies.ts'

const actionWords = (action: string): Words => ({ ...keyed(`action.${action}`), fallback: action })

/** The text of a link is often the address it claims to lead to. */
const looksLikeHost = (text: string): boolean => /^[^\s.]+(?:\.[^\s.]+)+$/u.test(text)

export function urlTable({ words }: ReportContext, message: MessageDetail): Block {
  return {
    block: 'table',
    caption: words('urls'),
    columns: [
      { header: words('url'), width: 42 },
      { header: words('shown'), width: 16 },
      { header: words('then'), width: 13 },
      { header: words('now'), width: 13 },
      { header: words('decidedBy'), width: 16 },
    ],
    rows: message.urlList.map((url) => ({
      cells: [
        [outside(url.url, 'mono')],
        url.text === null ? [] : [outside(url.text, looksLikeHost(url.text) ? 'address' : 'plain')],
        [risk(url.risk.then)],
        [risk(url.risk.now)],
        joinLines(
          [
            ...(url.pack === null ? [] : [[outside(url.pack)]]),
            ...(url.entry === null ? [] : [[outside(url.entry, 'address')]]),
          ],
          lineBreak,
        ),
      ],
    })),
    empty: shared('none'),
  }
}

export function attachmentTable({ words }: ReportContext, message: MessageDetail): Block {
  return {
    block: 'table',
    caption: words('attachments'),
    columns: [
      { header: shared('column.name'), width: 28 },
      { header: words('type'), width: 22 },
      { header: words('bytes'), width: 10, align: 'right' },
      { header: shared('column.sha256'), width: 40 },
    ],
    rows: message.attachmentList.map((file) => ({
      cells: [
        [outside(file.name)],
        file.contentType === null ? [] : [outside(file.contentType)],
        file.bytes === null ? [] : [number(file.bytes)],
        file.sha256 === null ? [] : [outside(file.sha256, 'mono')],
      ],
    })),
    empty: shared('none'),
  }
}

/** Those who acted come first, then by address. */
export function recipientMatrix(
  { words, time, count, case: info }: ReportContext,
  message: MessageDetail,
): readonly Block[] {
  const most = count('recipients')
  const acts = (row: MessageDetail['recipients'][number]): number =>
    (row.executedAt === null ? 0 : 2) + (row.clickedAt === null ? 0 : 1)
  const hasPerhaps = message.recipients.some((row) => row.perhaps.length > 0)
  const sorted = [...message.recipients].sort((a, b) => acts(b) - acts(a) || (a.address < b.address ? -1 : 1))
  const cell = (at: string | null, isPerhaps = false): Line =>
    at === null ? [] : [outside(time(at)), ...(isPerhaps ? [lineBreak, shared('perhaps')] : [])]
  const left = sorted.length - most
  return [
    {
      block: 'table',
      caption: words('recipients', { zone: info.zone }),
      columns: [
        { header: words('recipient'), width: 22 },
        { header: shared('column.user'), width: 12 },
        { header: words('receivedAt'), width: 11 },
        { header: words('clickedAt'), width: 11 },
        { header: words('executedAt'), width: 11 },
        { header: shared('column.endpoint'), width: 11 },
        { header: words('loggedOnAt'), width: 11 },
        { header: words('copy'), width: 17 },
      ],
      rows: sorted.slice(0, most).map((row) => ({
        cells: [
          [
            outside(row.address, 'address'),
            ...(row.recordedAction === null ? [] : [lineBreak, actionWords(row.recordedAction)]),
          ],
          row.user ? [entity(row.user)] : [],
          cell(row.deliveredAt),
          cell(row.clickedAt, row.perhaps.includes('clicked')),
          cell(row.executedAt, row.perhaps.includes('executed')),
          row.endpoint ? [entity(row.endpoint)] : [],
          cell(row.loggedOnAt),
          copyLine(words, time, message, row.address),
        ],
      })),
      empty: shared('none'),
    },
    ...(left > 0
      ? [{ block: 'paragraph' as const, text: [words('left', { count: left })], look: 'note' as const }]
      : []),
    {
      block: 'paragraph',
      text: [words('matrixNote'), ...(hasPerhaps ? [shared('perhapsWhy')] : [])],
      look: 'note',
    },
  ]
}

export async function relatedMessages(context: ReportContext, id: string): Promise<Block | undefined> {
  const { words, ask, time, case: info } = context
  const pages = await Promise.all(
    (['forwarded-as', 'same-campaign'] as const).map((kind) =>
      ask('relation.list', { entityId: id, kind, limit: 50 }),
    ),
  )
  const relations = pages.flatMap((page) => page.rows)
  if (relations.length === 0) return undefined
  const proofs = await Promise.all(relations.map((relation) => proofsOfRelation(context, relation.id)))
  const cite = citeSparingly(context)
  return {
    block: 'table',
    caption: words('related'),
    columns: [
      { header: shared('column.from'), width: 26 },
      { header: shared('column.relation'), width: 18 },
      { header: shared('column.to'), width: 26 },
      { header: shared('column.time', { zone: info.zone }), width: 12 },
      { header: shared('column.confidence'), width: 10 },
      { header: shared('column.evidence'), width: 8 },
    ],
    rows: relations.map((relation, index) => ({
      cells: [
        [entity(relation.from)],
        [relationWords(relation.kind)],
        [entity(relation.to)],
        [outside(time(relation.firstAt))],
        [confidence(relation.confidence)],
        citeProofs(cite, proofs[index] ?? { sources: [], total: 0 }),
      ],
    })),
    empty: shared('none'),
  }
}

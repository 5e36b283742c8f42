import type { ReportContext } from '../../context.ts'
import { confidence, entity, lineBreak, outside, type Block, type Row } from '../../document.ts'
import { citeProofs, citeSparingly, proofsOfEvents } from '../../facts/citations.ts'
import { shared } from '../../words.ts'

/** Detections printed, newest first as the engine lists them. */
const MAX_DETECTIONS = 60

/** What rules detected, each with its reason and records. */
export async function detectionTable(context: ReportContext): Promise<readonly Block[]> {
  const { words, ask, time, case: info } = context
  const { rows, total } = await ask('detection.list', { limit: MAX_DETECTIONS })
  const cite = citeSparingly(context)
  const drawn: Row[] = []
  for (const row of rows)
    drawn.push({
      cells: [
        [row.firstAt === null ? shared('undated') : outside(time(row.firstAt))],
        [{ kind: 'words', ...row.title, asLabel: true }, lineBreak, { kind: 'words', ...row.reason }],
        [entity(row.subject, true)],
        [words(`level.${row.level}`), lineBreak, confidence(row.confidence)],
        citeProofs(cite, await proofsOfEvents(context, row.events.slice(0, 2), row.eventTotal)),
      ],
    })
  const left = (total ?? rows.length) - rows.length
  return [
    {
      block: 'table',
      caption: words('detections'),
      columns: [
        { header: words('first', { zone: info.zone }), width: 14 },
        { header: words('what'), width: 42 },
        { header: words('about'), width: 19 },
        { header: words('level'), width: 13 },
        { header: shared('column.evidence'), width: 12 },
      ],
      rows: drawn,
      empty: words('noDetections'),
    },
    ...(left > 0
      ? [
          {
            block: 'paragraph' as const,
            text: [words('moreDetections', { count: left })],
            look: 'note' as const,
          },
        ]
      : []),
  ]
}

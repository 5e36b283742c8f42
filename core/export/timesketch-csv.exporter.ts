import { EVENT_FIELD_COLUMNS } from './event-shape.ts'
import type { Exporter } from './exporter.ts'
import { csvLine } from './text/csv.ts'
import { quietText } from './text/safe-text.ts'
import { sketchEvents, sketchName, sketchTexts } from './timesketch.ts'

const { description, left } = sketchTexts

export default {
  id: 'timesketch-csv',
  extension: 'csv',
  mediaType: 'text/csv',
  reads: ['events'],
  addresses: 'choice',
  takesSpan: true,
  texts: {
    en: { title: 'Timesketch (CSV)', description: description.en, left: left.en },
    'zh-TW': { title: 'Timesketch（CSV）', description: description['zh-TW'], left: left['zh-TW'] },
    ja: { title: 'Timesketch (CSV)', description: description.ja, left: left.ja },
  },
  async *write(source) {
    const columns = EVENT_FIELD_COLUMNS.map(({ name }) => name)
    yield csvLine([
      'message',
      'datetime',
      'timestamp',
      'timestamp_desc',
      'endpoint',
      'user',
      'evidence_id',
      'record',
      'locator',
      ...columns.map(sketchName),
    ])
    const shown = (value: string | number | null | undefined) =>
      typeof value === 'string' && !source.isLive ? quietText(value) : value
    for await (const { event, ...row } of sketchEvents(source))
      yield csvLine([
        shown(row.message),
        row.datetime,
        row.timestamp,
        row.timestamp_desc,
        shown(event.endpoint?.name),
        shown(event.user?.name),
        event.evidenceId,
        event.record,
        shown(event.locator),
        ...columns.map((name) => shown(event.fields[name])),
      ])
  },
} satisfies Exporter

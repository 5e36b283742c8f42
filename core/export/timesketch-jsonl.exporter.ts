import type { Exporter } from './exporter.ts'
import { safeJson } from './text/safe-text.ts'
import { sketchEvents, sketchName, sketchTexts } from './timesketch.ts'

const { description, left } = sketchTexts

export default {
  id: 'timesketch-jsonl',
  extension: 'jsonl',
  mediaType: 'application/x-ndjson',
  reads: ['events'],
  addresses: 'live',
  takesSpan: true,
  texts: {
    en: { title: 'Timesketch (JSON lines)', description: description.en, left: left.en },
    'zh-TW': { title: 'Timesketch（JSON Lines）', description: description['zh-TW'], left: left['zh-TW'] },
    ja: { title: 'Timesketch (JSON Lines)', description: description.ja, left: left.ja },
  },
  async *write(source) {
    for await (const { event, ...row } of sketchEvents(source)) {
      const fields = Object.entries(event.fields).map(([name, value]) => [sketchName(name), value])
      yield `${safeJson({
        ...row,
        endpoint: event.endpoint?.name ?? null,
        user: event.user?.name ?? null,
        evidence_id: event.evidenceId,
        record: event.record,
        locator: event.locator,
        ...Object.fromEntries(fields),
      })}\n`
    }
  },
} satisfies Exporter

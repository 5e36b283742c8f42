import { eventFacts } from './event-shape.ts'
import type { Exporter } from './exporter.ts'
import { eventPages } from './rows/events.ts'
import { messagePages } from './rows/messages.ts'
import { toIsoOrNull } from '../store/time.ts'
import { safeJson } from './text/safe-text.ts'

export default {
  id: 'opensearch-bulk',
  extension: 'ndjson',
  mediaType: 'application/x-ndjson',
  reads: ['events', 'messages'],
  addresses: 'live',
  takesSpan: true,
  texts: {
    en: {
      title: 'OpenSearch (bulk file)',
      description:
        'Events and messages for the _bulk interface of OpenSearch or Elasticsearch; loading twice changes nothing.',
      left: 'Entities and relations (take GraphML, Neo4j or Parquet), raw records, bodies of messages.',
    },
    'zh-TW': {
      title: 'OpenSearch（bulk 檔）',
      description: '供 OpenSearch 或 Elasticsearch 的 _bulk 介面使用的事件與郵件；重複載入不會產生重複資料。',
      left: '實體與關聯（請用 GraphML、Neo4j 或 Parquet）、原始紀錄、郵件本文。',
    },
    ja: {
      title: 'OpenSearch（bulk ファイル）',
      description:
        'OpenSearch や Elasticsearch の _bulk 向けのイベントとメール。二度読み込んでも重複しません。',
      left: 'エンティティと関係（GraphML、Neo4j、Parquet を使用）、生レコード、メールの本文。',
    },
  },
  async *write(source) {
    const document = (index: string, id: string, fields: object): string =>
      `${safeJson({ index: { _index: index, _id: `${source.caseId}:${id}` } })}\n${safeJson(fields)}\n`
    const shared = { 'redthread.case': source.caseId }
    for await (const page of eventPages(source))
      for (const event of page) {
        const { id, kind, endpoint, user, summary, evidence_id, record, locator, zone_assumed } =
          eventFacts(event)
        yield document('redthread-events', id, {
          ...(event.at === null ? {} : { '@timestamp': event.at }),
          message: summary,
          'redthread.kind': kind,
          ...shared,
          'redthread.event': id,
          'redthread.endpoint': endpoint,
          'redthread.user': user,
          'redthread.evidence': evidence_id,
          'redthread.record': record,
          'redthread.locator': locator,
          'redthread.zone_assumed': zone_assumed,
          ...event.fields,
        })
      }
    for await (const page of messagePages(source))
      for (const message of page) {
        const at = toIsoOrNull(message.deliveredAt ?? message.sentAt)
        yield document('redthread-messages', String(message.id), {
          ...(at === null ? {} : { '@timestamp': at }),
          ...shared,
          'email.message_id': message.messageId,
          'email.subject': message.subject,
          'email.from.address': message.fromAddress,
          'email.to.address': message.recipients.map(({ address }) => address),
          'email.attachments': message.attachments.map(({ name, sha256 }) => ({
            file: { name, ...(sha256 === null ? {} : { hash: { sha256 } }) },
          })),
          'url.full': message.urls,
          'redthread.mailbox': message.mailbox,
          'redthread.action': message.recordedAction,
          'redthread.evidence': String(message.evidenceId),
          'redthread.record': message.record,
        })
      }
  },
} satisfies Exporter

import { EVENT_FIELD_COLUMNS } from './event-shape.ts'
import type { Exporter } from './exporter.ts'
import { type Column, parquetTable } from './parquet-table.ts'
import { eventPages, type ExportEvent } from './rows/events.ts'
import {
  detectionPages,
  entityPages,
  type ExportDetection,
  type ExportEntity,
  type ExportRelation,
  relationPages,
} from './rows/graph.ts'
import { type ExportMessage, messagePages } from './rows/messages.ts'
import { safeJson } from './text/safe-text.ts'
import { zipStream } from './zip-stream.ts'

const EVENTS: readonly Column<ExportEvent>[] = [
  { name: 'id', type: 'long', of: (row) => Number(row.id) },
  // Not `at`, which some dialects of SQL keep for themselves (DuckDB does).
  { name: 'occurred_at', type: 'time', of: (row) => row.atUs },
  { name: 'kind', type: 'text', of: (row) => row.kind },
  { name: 'endpoint_entity', type: 'long', of: (row) => (row.endpoint ? Number(row.endpoint.id) : null) },
  { name: 'endpoint', type: 'text', of: (row) => row.endpoint?.name },
  { name: 'user_entity', type: 'long', of: (row) => (row.user ? Number(row.user.id) : null) },
  { name: 'user', type: 'text', of: (row) => row.user?.name },
  { name: 'summary', type: 'text', of: (row) => row.summary },
  { name: 'evidence_id', type: 'long', of: (row) => Number(row.evidenceId) },
  { name: 'record', type: 'long', of: (row) => row.record },
  { name: 'locator', type: 'text', of: (row) => row.locator },
  { name: 'zone_assumed', type: 'boolean', of: (row) => row.zoneAssumed },
  ...EVENT_FIELD_COLUMNS.map(({ name, isText }): Column<ExportEvent> => ({
    // Underscores: a dot in a column name has to be quoted in every query.
    name: name.replaceAll('.', '_'),
    type: isText ? 'text' : 'long',
    of: (row) => row.fields[name],
  })),
]

const MESSAGES: readonly Column<ExportMessage>[] = [
  { name: 'id', type: 'long', of: (row) => row.id },
  { name: 'entity_id', type: 'long', of: (row) => row.entityId },
  { name: 'message_id', type: 'text', of: (row) => row.messageId },
  { name: 'unique_id', type: 'text', of: (row) => row.uniqueId },
  { name: 'subject', type: 'text', of: (row) => row.subject },
  { name: 'from_address', type: 'text', of: (row) => row.fromAddress },
  { name: 'from_name', type: 'text', of: (row) => row.fromName },
  { name: 'return_path', type: 'text', of: (row) => row.returnPath },
  { name: 'mailbox', type: 'text', of: (row) => row.mailbox },
  { name: 'sent_at', type: 'time', of: (row) => row.sentAt },
  { name: 'delivered_at', type: 'time', of: (row) => row.deliveredAt },
  { name: 'source_ip', type: 'text', of: (row) => row.sourceIp },
  { name: 'spf', type: 'text', of: (row) => row.spf },
  { name: 'dkim', type: 'text', of: (row) => row.dkim },
  { name: 'dmarc', type: 'text', of: (row) => row.dmarc },
  { name: 'recorded_action', type: 'text', of: (row) => row.recordedAction },
  { name: 'recipients', type: 'texts', of: (row) => row.recipients.map(({ address }) => address) },
  { name: 'urls', type: 'texts', of: (row) => row.urls },
  { name: 'attachments', type: 'texts', of: (row) => row.attachments.map(({ name }) => name) },
  {
    name: 'attachment_sha256',
    type: 'texts',
    of: (row) => row.attachments.flatMap(({ sha256 }) => (sha256 === null ? [] : [sha256])),
  },
  { name: 'evidence_id', type: 'long', of: (row) => row.evidenceId },
  { name: 'record', type: 'long', of: (row) => row.record },
]

const ENTITIES: readonly Column<ExportEntity>[] = [
  { name: 'id', type: 'long', of: (row) => row.id },
  { name: 'kind', type: 'text', of: (row) => row.kind },
  { name: 'name', type: 'text', of: (row) => row.name },
  { name: 'first_seen', type: 'time', of: (row) => row.firstSeen },
  { name: 'last_seen', type: 'time', of: (row) => row.lastSeen },
  { name: 'aliases', type: 'texts', of: (row) => row.aliases.map(({ kind, value }) => `${kind}:${value}`) },
  { name: 'attributes', type: 'text', of: (row) => safeJson(Object.fromEntries(row.attributes)) },
]

const RELATIONS: readonly Column<ExportRelation>[] = [
  { name: 'id', type: 'long', of: (row) => row.id },
  { name: 'kind', type: 'text', of: (row) => row.kind },
  { name: 'from_id', type: 'long', of: (row) => row.from.id },
  { name: 'from_kind', type: 'text', of: (row) => row.from.kind },
  { name: 'from_name', type: 'text', of: (row) => row.from.name },
  { name: 'to_id', type: 'long', of: (row) => row.to.id },
  { name: 'to_kind', type: 'text', of: (row) => row.to.kind },
  { name: 'to_name', type: 'text', of: (row) => row.to.name },
  { name: 'first_at', type: 'time', of: (row) => row.firstAt },
  { name: 'last_at', type: 'time', of: (row) => row.lastAt },
  { name: 'count', type: 'long', of: (row) => row.count },
  { name: 'confidence', type: 'double', of: (row) => row.confidence },
  { name: 'observed', type: 'boolean', of: (row) => row.isObserved },
  { name: 'rule', type: 'text', of: (row) => row.rule },
  { name: 'reason', type: 'text', of: (row) => row.reason },
  { name: 'events', type: 'texts', of: (row) => row.events.map(String) },
  { name: 'event_total', type: 'long', of: (row) => row.eventTotal },
]

const DETECTIONS: readonly Column<ExportDetection>[] = [
  { name: 'id', type: 'long', of: (row) => row.id },
  { name: 'rule', type: 'text', of: (row) => row.rule },
  { name: 'what', type: 'text', of: (row) => row.what },
  { name: 'level', type: 'text', of: (row) => row.level },
  { name: 'subject_id', type: 'long', of: (row) => row.subject.id },
  { name: 'subject_kind', type: 'text', of: (row) => row.subject.kind },
  { name: 'subject_name', type: 'text', of: (row) => row.subject.name },
  { name: 'entities', type: 'texts', of: (row) => row.entities.map(({ id }) => String(id)) },
  { name: 'first_at', type: 'time', of: (row) => row.firstAt },
  { name: 'last_at', type: 'time', of: (row) => row.lastAt },
  { name: 'count', type: 'long', of: (row) => row.count },
  { name: 'confidence', type: 'double', of: (row) => row.confidence },
  { name: 'reason', type: 'text', of: (row) => row.reason },
  { name: 'events', type: 'texts', of: (row) => row.events.map(String) },
  { name: 'proof_total', type: 'long', of: (row) => row.proofTotal },
]

export default {
  id: 'parquet',
  extension: 'zip',
  mediaType: 'application/zip',
  reads: ['events', 'messages', 'entities', 'relations', 'detections'],
  addresses: 'live',
  takesSpan: true,
  texts: {
    en: {
      title: 'Parquet tables',
      description:
        'events, messages, entities, relations and detections as Parquet files in one ZIP file, for DuckDB, ClickHouse, Spark and pandas.',
      left: 'Raw records, headers and bodies of messages.',
    },
    'zh-TW': {
      title: 'Parquet 表格',
      description:
        '事件、郵件、實體、關聯與偵測的 Parquet 檔，合為一個 ZIP 檔，供 DuckDB、ClickHouse、Spark 與 pandas 使用。',
      left: '原始紀錄、郵件標頭與本文。',
    },
    ja: {
      title: 'Parquet テーブル',
      description:
        'イベント、メール、エンティティ、関係、検知の Parquet ファイルを 1 つの ZIP にまとめます。DuckDB、ClickHouse、Spark、pandas 向けです。',
      left: '生レコード、メールのヘッダーと本文。',
    },
  },
  write: (source) =>
    zipStream(
      [
        { name: 'events.parquet', content: parquetTable(EVENTS, eventPages(source)), compress: false },
        { name: 'messages.parquet', content: parquetTable(MESSAGES, messagePages(source)), compress: false },
        { name: 'entities.parquet', content: parquetTable(ENTITIES, entityPages(source)), compress: false },
        {
          name: 'detections.parquet',
          content: parquetTable(DETECTIONS, detectionPages(source)),
          compress: false,
        },
        {
          name: 'relations.parquet',
          content: parquetTable(RELATIONS, relationPages(source)),
          compress: false,
        },
      ],
      source.signal,
    ),
} satisfies Exporter

import type { PlanItem } from '../../contract/nouns/plan.ts'
import type { PlanExporter } from './exporter.ts'

const COLUMNS = [
  'id',
  'state',
  'action',
  'mailbox',
  'message_id',
  'unique_id',
  'subject',
  'sender',
  'delivered_at',
  'url',
  'account',
  'endpoint',
  'inbox_rule',
  'text',
  'rules',
  'reasons',
  'messages',
  'relations',
  'events',
  'note',
  'decided_at',
] as const

/**
 * One cell. Spreadsheets take a cell that begins with one of these for a formula, and evidence is written by attackers: an
 * apostrophe before it keeps it text (OWASP, CSV injection). Quotation marks alone do not.
 */
export function cell(text: string): string {
  const safe = /^[\s\u0000-\u001f]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/u.test(text) ? `'${text}` : text
  return /[",\r\n\t';]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const row = ({ target, ...item }: PlanItem, words: string): readonly (string | null)[] => [
  item.id,
  item.state,
  item.action,
  target.mailbox,
  target.messageId,
  target.uniqueId,
  target.subject,
  target.sender,
  target.deliveredAt,
  target.url,
  target.account,
  target.endpoint,
  target.inboxRule,
  target.text,
  item.reasons.map((reason) => reason.rule).join(' '),
  words,
  item.evidence.messages.map((message) => message.id).join(' '),
  item.evidence.relations.join(' '),
  item.evidence.events.join(' '),
  item.note,
  item.decidedAt,
]

export default {
  id: 'csv',
  extension: 'csv',
  texts: {
    en: { title: 'Table (CSV)', description: 'Every step with its reason and evidence, for a spreadsheet.' },
    'zh-TW': { title: '表格（CSV）', description: '所有步驟及其理由與證據，供試算表使用。' },
    ja: {
      title: '表（CSV）',
      description: 'すべての手順を理由と証拠とともに、表計算ソフト向けに書き出します。',
    },
  },
  write(items, { words }) {
    const lines = [COLUMNS, ...items.map((item) => row(item, words(item)))]
    const text = lines.map((cells) => cells.map((text) => cell(text ?? '')).join(',')).join('\r\n')
    return { text: `\ufeff${text}\r\n`, items: items.length, left: 0, leftIds: [] }
  },
} satisfies PlanExporter

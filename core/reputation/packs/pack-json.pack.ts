import { rejected } from './rejected.ts'
import { z } from 'zod'
import { PATTERN_SCOPES, RISK_LEVELS } from '../../model/verdict.ts'
import { refang } from '../../normalise/defang.ts'
import { parseIso } from '../../store/time.ts'
import { toPattern } from '../pattern.ts'
import { PackDefect } from '../pack-refusal.ts'
import type { PackReader, PackUnit } from './pack-reader.ts'
import { readJson } from './read-json.ts'

const optionalText = z.string().nullish()
const Entry = z.object({
  pattern: z.string(),
  scope: z.enum(PATTERN_SCOPES),
  level: z.enum(RISK_LEVELS),
  category: optionalText,
  firstSeenAt: optionalText,
  expiresAt: optionalText,
  note: optionalText,
})
const Document = z.object({
  schema: z.literal(1),
  name: z.string().min(1).max(200),
  version: z.union([z.string(), z.number()]),
  createdAt: optionalText,
  source: optionalText,
  entries: z.array(z.unknown()),
})

function toUnit(raw: unknown, index: number): PackUnit {
  const refused = rejected(index + 1, raw)
  const parsed = Entry.safeParse(raw)
  if (!parsed.success) return refused
  const { pattern: text, scope, level, category, firstSeenAt, expiresAt, note } = parsed.data
  const pattern = text.includes('*') && scope !== 'domain' ? undefined : toPattern(scope, refang(text.trim()))
  const expires = expiresAt == null ? undefined : parseIso(expiresAt)
  // An entry whose end cannot be read would count for ever: it is rejected instead.
  if (pattern === undefined || (expiresAt != null && expires === undefined)) return refused
  return {
    kind: 'entry',
    pattern,
    text,
    level,
    category: category ?? undefined,
    firstSeenAt: firstSeenAt == null ? undefined : parseIso(firstSeenAt),
    expiresAt: expires,
    note: note ?? undefined,
  }
}

/** The workbench's own format (CLI.md, pack.json): every scope, level and expiry. */
const packJson: PackReader = {
  id: 'pack-json',
  texts: {
    en: {
      title: 'Pattern pack',
      description: 'JSON pattern pack with scope, level and expiry of every entry.',
    },
    'zh-TW': {
      title: '特徵碼套件',
      description: 'JSON 特徵碼套件，每筆項目都有比對範圍、風險等級與到期時間。',
    },
    ja: {
      title: 'パターンパック',
      description: '項目ごとに適用範囲、リスクレベル、有効期限を持つ JSON パターンパックです。',
    },
  },
  detect: (head) =>
    /^\s*\{/.test(head) && /"entries"\s*:/.test(head) && /"schema"\s*:/.test(head) ? 0.95 : 0,
  *read(chunks): Iterable<PackUnit> {
    const parsed = Document.safeParse(readJson(chunks))
    if (!parsed.success) {
      throw new PackDefect('pack.field', { field: parsed.error.issues[0]?.path.join('.') ?? '/' })
    }
    const { name, version, source, createdAt, entries } = parsed.data
    yield {
      kind: 'header',
      name,
      version: String(version),
      source: source ?? undefined,
      createdAt: createdAt == null ? undefined : parseIso(createdAt),
    }
    for (const [index, entry] of entries.entries()) yield toUnit(entry, index)
  },
}

export default packJson

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ParsedUnit } from '../../../core/importers/importer.ts'
import { importers } from '../../../core/importers/registry.ts'
import { EVENT_FIELDS, type EventFieldName } from '../../../core/model/event.ts'

/**
 * docs/formats.md is made of the registry: the importers' own words, and what their fixtures show them to yield. Run this
 * test with `-u` after a change; it fails while the page says something else.
 */
const goldens = new URL('../../golden/importers/', import.meta.url)

interface Yield {
  readonly kinds: Set<string>
  readonly fields: Set<string>
  isMail: boolean
  isDirectory: boolean
  hasKey: boolean
}

function yieldOf(id: string): Yield {
  const found: Yield = {
    kinds: new Set(),
    fields: new Set(),
    isMail: false,
    isDirectory: false,
    hasKey: false,
  }
  const folder = new URL(`${id}/`, goldens)
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const units = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as ParsedUnit[]
    for (const unit of units) {
      if (unit.kind !== 'record') continue
      if (unit.key !== undefined) found.hasKey = true
      for (const item of unit.items) {
        if (item.type === 'message') found.isMail = true
        else if (item.type === 'directory') found.isDirectory = true
        else {
          found.kinds.add(item.kind)
          for (const field of Object.keys(item.fields) as EventFieldName[])
            found.fields.add(EVENT_FIELDS[field].name)
        }
      }
    }
  }
  return found
}

const list = (words: ReadonlySet<string>): string =>
  [...words]
    .sort()
    .map((word) => `\`${word}\``)
    .join(', ')

function page(): string {
  const lines = [
    '# What Redthread reads',
    '',
    'Made from the importers and their fixtures by `test/core/importers/formats-doc.test.ts`; do not edit it by hand. Formats are',
    'recognised by content. Archives (zip, tar, gzip, zstd, 7z, rar, inside each other) are opened on the way; their members are',
    'read like files. Of an Excel workbook (.xlsx, .xlsm) every sheet is a table, its raw records the rows as CSV: times as their cells show',
    'them, of formulas the stored results, of other numbers what is stored (Excel keeps 15 digits: longer ids are lost in it). "Kinds" and "fields" are what the fixtures show an importer to fill; the raw record is kept whole besides.',
    '',
    '| importer | reads |',
    '|---|---|',
    ...importers.map(({ id, texts }) => `| [\`${id}\`](#${id}) | ${texts.en['title'] ?? ''} |`),
    '',
  ]
  for (const { id, texts } of importers) {
    const shown = yieldOf(id)
    const issues = Object.entries(texts.en).filter(([key]) => key.startsWith('issue.'))
    lines.push(`## ${id}`, '', `**${texts.en['title'] ?? ''}.** ${texts.en['description'] ?? ''}`, '')
    if (shown.isMail) lines.push('- Gives mail messages (with links, attachments, recipients).')
    if (shown.isDirectory) lines.push('- Gives directory objects (users, computers, groups, rights).')
    if (shown.kinds.size > 0) lines.push(`- Kinds of events: ${list(shown.kinds)}`)
    if (shown.fields.size > 0) lines.push(`- Fields: ${list(shown.fields)}`)
    lines.push(
      shown.hasKey
        ? '- Records carry an identity of their provider: the same record in two exports is stored once, with both sources.'
        : '- Records carry no identity: the same record in two exports is stored twice.',
    )
    if (texts.en['limits'] !== undefined) lines.push(`- Not read: ${texts.en['limits']}`)
    if (issues.length > 0) {
      lines.push('- Issues:')
      for (const [key, text] of issues.sort(([a], [b]) => (a < b ? -1 : 1)))
        lines.push(`  - \`${id}.${key.slice('issue.'.length)}\`: ${text}`)
    }
    lines.push('')
  }
  return lines.join('\n')
}

describe('docs/formats.md', () => {
  it('says what the importers say and what their fixtures show', async () => {
    await expect(page()).toMatchFileSnapshot('../../../docs/formats.md')
  })
})

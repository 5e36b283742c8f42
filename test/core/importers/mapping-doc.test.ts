import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TARGETS } from '../../../core/importers/mapping/targets.ts'
import { Mapping, NAMED_TIME_FORMATS } from '../../../core/model/mapping.ts'

const page = readFileSync(new URL('../../../docs/mapping.md', import.meta.url), 'utf8')

describe('docs/mapping.md', () => {
  it.each(Object.entries(TARGETS))('names every target of %s in its row', (kind, targets) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${kind}\` `))
    for (const target of targets) expect(row).toContain(`\`${target}\``)
  })

  it('names every time format and every member of the file', () => {
    for (const format of NAMED_TIME_FORMATS) expect(page).toContain(`\`${format}\``)
    for (const member of Object.keys(Mapping.shape)) expect(page).toContain(`"${member}"`)
  })

  it('shows an example that is valid', () => {
    const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    expect(Mapping.safeParse(JSON.parse(example)).success).toBe(true)
  })
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toOutline } from '../core/report/to-outline.ts'
import { redthread, redthreadJson } from '../support/cli.ts'

let folder = ''
let demo = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'redthread-e2e-'))
  demo = String((await redthreadJson(['demo', '--prepare'])).document['case'])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is new each time the demo case is made: its id, the log's hashes and times, sizes of what those stand in. */
const settled = (outline: string): string =>
  outline
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'CASE-ID')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'SHA-256')
    .replaceAll(/\b[0-9a-f]{12,16}…/g, 'HASH…')
    .replaceAll(/\b(?:2026-11|202[7-9]|20[3-9]\d)-?[-\d]* \d\d:\d\d:\d\d(?:\.\d{3})?/g, 'WHEN-MADE')

describe('the report of the demo case', () => {
  it.each(['en', 'zh-TW', 'ja'])('says in %s what the golden file says', async (lang) => {
    const out = join(folder, `${lang}.html`)
    const { code } = await redthread(['report', demo, '--out', out, '--lang', lang], {
      env: { SOURCE_DATE_EPOCH: '1773144000' },
    })
    expect(code).toBe(0)
    const html = readFileSync(out, 'utf8')
    // What is cited stands in the annex: every citation has its place.
    const places = new Set([...html.matchAll(/ id="([A-Za-z0-9-]+)"/g)].map(([, id]) => id))
    const cites = [...html.matchAll(/<a class="cite" href="#([^"]+)"/g)].map(([, id]) => id)
    expect(cites.length).toBeGreaterThan(300)
    expect(cites.filter((id) => !places.has(id))).toEqual([])
    expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/i)
    await expect(settled(toOutline(html))).toMatchFileSnapshot(`../golden/report/demo.${lang}.md`)
  })
})

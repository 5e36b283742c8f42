import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RetroRun } from '../../core/contract/nouns/reputation.ts'
import { parseUrl } from '../../core/normalise/url.ts'
import { redthread, redthreadJson } from '../support/cli.ts'
import { samplesFolder } from './samples.ts'

/** The list holds the links of all phishing mail of its collection but some held back; ham is not in it. */
const LIST = join(samplesFolder, 'intel/derived/phishing_pot_urls.txt.gz')

describe('a retro scan of the sample mail against the URL list derived from phishing mail', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redthread-retro-'))
  const casePath = join(folder, 'mail.redthread')
  const listed = new Set(
    gunzipSync(readFileSync(LIST))
      .toString('utf8')
      .split('\n')
      .flatMap((line) => parseUrl(line.trim())?.text ?? []),
  )
  let run: RetroRun
  beforeAll(async () => {
    const list = join(folder, 'list.txt')
    writeFileSync(list, gunzipSync(readFileSync(LIST)))
    await redthread(['new', casePath])
    await redthread(['import', casePath, join(samplesFolder, 'mail')])
    await redthread(['correlate', casePath])
    const added = ['patterns', casePath, 'add', list, '--name', 'derived', '--level', 'dangerous']
    await redthread([...added, '--created-at', '2026-06-01T00:00:00Z'])
    const policy = JSON.parse((await redthread(['policy', casePath, 'show'])).stdout) as object
    const file = join(folder, 'policy.json')
    const retroScan = { enabled: true, consentAt: '2026-06-01T00:00:00Z' }
    writeFileSync(file, JSON.stringify({ ...policy, retroScan }))
    await redthread(['policy', casePath, 'set', file])
    run = (await redthreadJson(['retro-scan', casePath])).document as unknown as RetroRun
    const { counts, notJudged, newlyMatching, exposure } = run
    process.stdout.write(
      `retro scan of the samples: ${JSON.stringify({
        ...counts,
        reasons: notJudged,
        newlyMatching: newlyMatching.length,
        messages: new Set(newlyMatching.map((row) => row.message.id)).size,
        exposure: exposure.length,
      })}\n`,
    )
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('turns URLs of the phishing mail', () => {
    expect(run.turned.length).toBeGreaterThan(50)
    expect(run.newlyMatching.length).toBeGreaterThanOrEqual(run.turned.length)
  })

  it('turns nothing that the list does not cover', () => {
    const wrong = run.turned.filter(({ entry }) => !listed.has(parseUrl(entry ?? '')?.text ?? ''))
    expect(wrong).toEqual([])
  })

  it('accounts for every URL', () => {
    const { urls, judged, notJudged } = run.counts
    expect(urls).toBe(judged + notJudged)
    expect(run.notJudged.reduce((sum, row) => sum + row.urls, 0)).toBe(notJudged)
    const { links, linksJudged } = run.counts
    expect(run.notJudged.reduce((sum, row) => sum + row.links, 0)).toBe(links - linksJudged)
  })

  it('says the same again when only what changed is judged: nothing', async () => {
    const again = (await redthreadJson(['retro-scan', casePath, '--base', run.run.id]))
      .document as unknown as RetroRun
    expect(again.run).toMatchObject({ base: run.run.id, rated: 0 })
    expect([again.counts, again.turned, again.newlyMatching]).toEqual([
      run.counts,
      run.turned,
      run.newlyMatching,
    ])
  })
})

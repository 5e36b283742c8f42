import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyse } from '../../core/reputation/signs/analysis.ts'
import { SIGNS_VERSION } from '../../core/reputation/signs/registry.ts'
import { toUrlFacts } from '../../core/reputation/signs/url-facts.ts'
import { connect } from '../../core/store/connection.ts'
import { asReader } from '../../core/store/store.ts'
import { Subjects } from '../../core/reputation/signs/subject.ts'
import { redthreadJson } from '../support/cli.ts'
import { samplesFolder } from './samples.ts'

const LEVELS = ['none', 'suspicious', 'highly-suspicious', 'dangerous']
const rankOf = (level: string): number => LEVELS.indexOf(level)

/** Worst level of each message with links, by file. */
function worstByMessage(casePath: string): { file: string; rank: number }[] {
  const db = connect(casePath, 'read')
  try {
    const subjects = new Subjects(asReader(db))
    const ranks = new Map<number, number>()
    const urls = db.prepare('SELECT id, url FROM url').all() as { id: number; url: string }[]
    for (const { id, url } of urls) ranks.set(id, rankOf(analyse(subjects.of(id, url)).level))
    const links = db
      .prepare(
        `SELECT m.id, e.name AS file, l.url_id AS url FROM message m JOIN evidence e ON e.id = m.evidence_id
         JOIN message_url l ON l.message = m.id WHERE l.place <> 'image'`,
      )
      .all() as { id: number; file: string; url: number }[]
    const worst = new Map<number, { file: string; rank: number }>()
    for (const { id, file, url } of links) {
      const before = worst.get(id) ?? { file, rank: 0 }
      worst.set(id, { file, rank: Math.max(before.rank, ranks.get(url) ?? 0) })
    }
    return [...worst.values()]
  } finally {
    db.close()
  }
}

describe('signs of untested URLs on real mail', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redthread-signs-'))
  const casePath = join(folder, 'signs.redthread')
  let messages: { file: string; rank: number }[] = []
  beforeAll(async () => {
    await redthreadJson(['new', casePath])
    await redthreadJson(['import', casePath, join(samplesFolder, 'mail')])
    messages = worstByMessage(casePath)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('tells phishing from ham: figures', () => {
    const phishing = messages.filter(({ file }) => file.endsWith('.eml'))
    const ham = messages.filter(({ file }) => file.includes('ham'))
    const table = [1, 2, 3].map((from) => {
      const caught = phishing.filter(({ rank }) => rank >= from).length
      const wrong = ham.filter(({ rank }) => rank >= from).length
      return {
        from: LEVELS[from] ?? '',
        recall: caught / phishing.length,
        precision: caught / Math.max(1, caught + wrong),
        falsePositives: wrong / ham.length,
      }
    })
    console.log(
      `signs ${SIGNS_VERSION}: ${phishing.length} phishing and ${ham.length} ham messages with links`,
    )
    console.table(table)
    const [suspicious] = table
    // Floors, so that a change of the signs that loses much is seen; the figures themselves stand in docs/reputation.md.
    expect(suspicious?.recall).toBeGreaterThan(0.25)
    expect(suspicious?.precision).toBeGreaterThan(0.9)
    expect(suspicious?.falsePositives).toBeLessThan(0.05)
  })

  it('tells how many addresses of phishing mail have signs: figures', () => {
    const list = gunzipSync(readFileSync(join(samplesFolder, 'intel/derived/phishing_pot_urls.txt.gz')))
    const urls = list
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replaceAll('&amp;', '&'))
    const counts = new Map<string, number>()
    for (const url of urls) {
      const { level } = analyse({ url: toUrlFacts(url), pages: [], companions: [] })
      counts.set(level, (counts.get(level) ?? 0) + 1)
    }
    console.log(`${urls.length} addresses of phishing mail (pictures and borrowed pages included)`, counts)
    expect(urls.length).toBeGreaterThan(1000)
    expect(readdirSync(join(samplesFolder, 'mail/eml')).length).toBeGreaterThan(0)
  })
})

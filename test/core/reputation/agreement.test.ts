import { describe, expect, it } from 'vitest'
import type { RiskLevel } from '../../../core/model/verdict.ts'
import { Judge, judgeMessage } from '../../../core/reputation/judge.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { getJudgingPolicy, setPolicy } from '../../../core/reputation/policy-stored.ts'
import { readRetroMessages, readRetroUrls } from '../../../core/reputation/retro-messages.ts'
import { runRetro } from '../../../core/reputation/retro-stored.ts'
import { loadShelf } from '../../../core/reputation/shelf-load.ts'
import { riskOfUrls } from '../../../core/reputation/risk.ts'
import { DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const at = (days: number): number => START + days * DAY
const NOW = at(30)
const LEVELS: readonly RiskLevel[] = ['dangerous', 'highly-suspicious', 'suspicious', 'untested', 'safe']
const HOSTS = 12

/** A small generator of numbers that are always the same for a seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

async function aCase(seed: number) {
  const pick = random(seed)
  const test = new TestCase(NOW)
  const host = (): string => `h${pick(HOSTS)}.test`
  const yes = (): boolean => pick(3) === 0
  setPolicy(test.context, {
    schema: 1,
    name: 'mail',
    service: pick(2) === 0 ? 'exchange-online' : 'gmail',
    securityLevel: ['high', 'medium', 'low'][pick(3)],
    internalDomains: ['corp.test'],
    scope: yes() ? 'incoming' : 'all',
    scanAttachments: yes(),
    retroScan: { enabled: true, consentAt: '2026-01-01' },
    approvedSenders: { enabled: yes(), addresses: ['s0@evil.test'] },
    approvedUrls: { enabled: yes(), urls: [host(), `${host()}/p1`] },
    blockedUrls: { enabled: yes(), urls: [host()] },
    virtualAnalyzerUrls: yes(),
    actions: { matched: ['quarantine', 'delete', 'pass'][pick(3)], untested: { enabled: yes() } },
  })
  for (const day of [0, 5, 10]) {
    const entries = Array.from({ length: 8 }, () => ({
      pattern: pick(2) === 0 ? host() : `http://${host()}/p${pick(3)}`,
      level: LEVELS[pick(5)],
      expiresAt: yes() ? new Date(at(pick(40)) / 1000).toISOString() : null,
    })).map((entry) => ({ ...entry, scope: entry.pattern.startsWith('http') ? 'exact' : 'host' }))
    const document = {
      schema: 1,
      name: `pack${pick(2)}`,
      version: String(day),
      createdAt: new Date(at(day) / 1000).toISOString(),
      entries,
    }
    await addPack(test.context, test.file(`${day}.json`, JSON.stringify(document)), {
      name: null,
      version: null,
      createdAt: null,
      level: null,
      levels: {},
    })
  }
  for (let index = 0; index < 40; index += 1) {
    const urls = Array.from({ length: 1 + pick(3) }, (_, n) => ({
      url: `http://${host()}/p${pick(3)}?${n}`.replace(/\?\d$/, ''),
      where: pick(4) === 0 ? ('attachment' as const) : ('body' as const),
    }))
    const once = new Map(urls.map((url) => [url.url, url]))
    test.mail(
      aMessage({
        messageId: `m${index}@evil.test`,
        subject: 'x',
        at: at(pick(15)),
        from: { address: yes() ? 'amy@corp.test' : `s${pick(3)}@evil.test` },
        urls: [...once.values()],
      }),
    )
  }
  return test
}

describe('one judge', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'retro scan says what judging each message says (seed %i)',
    async (seed) => {
      const test = await aCase(seed)
      const run = runRetro(test.context)
      const judge = new Judge(getJudgingPolicy(test.db, NOW))
      const urls = readRetroUrls(test.db)
      const shelf = loadShelf(
        test.db,
        [...urls.values()].flatMap((url) => url.normal?.host ?? []),
      )
      const newly: string[] = []
      const excluded: string[] = []
      for (const { entityId, at: delivered, message, links } of readRetroMessages(test.db, {
        headers: true,
        recipients: true,
      })) {
        const linked = links.flatMap(({ urlId, where }) =>
          urls.has(urlId) ? [{ url: urls.get(urlId)?.text ?? '', where }] : [],
        )
        const judged = (packs: Uint8Array, time: number) =>
          judgeMessage(judge, { ...message, urls: linked }, shelf, packs, time)
        const now = judged(shelf.inForceNow(), NOW)
        const then = judged(shelf.inForceAt(delivered ?? NOW), delivered ?? NOW)
        for (const [index, url] of now.urls.entries()) {
          const before = then.urls[index]
          const isByLevel =
            url.decidedBy === 'level' ||
            url.decidedBy === 'untested-action' ||
            (url.decidedBy === 'none' && url.clause !== 'W20')
          if (!isByLevel) excluded.push(`${entityId} ${url.url} ${url.clause}`)
          // No copy here has an action on record: what matched before, too, is still to be acted on (W30), unless that is `pass`.
          else if (
            url.matches &&
            before !== undefined &&
            before.level !== url.level &&
            !(before.matches && url.action === 'pass')
          )
            newly.push(`${entityId} ${url.url} ${url.action}`)
        }
      }
      expect(run.newlyMatching.map((row) => `${row.message.id} ${row.url} ${row.action}`).sort()).toEqual(
        newly.sort(),
      )
      expect(run.excluded.map((row) => `${row.message.id} ${row.url} ${row.clause}`).sort()).toEqual(
        excluded.sort(),
      )
      // What the screens show beside a link is what the judge saw.
      const shown = riskOfUrls(test.db, urls.keys(), NOW)
      for (const [id, url] of urls)
        if (url.normal) expect(shown.get(id)?.now).toBe(shelf.rate(url.normal, shelf.inForceNow(), NOW).level)
    },
  )
})

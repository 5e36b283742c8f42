import { describe, expect, it } from 'vitest'
import { getMessage } from '../../../core/mail/message-detail.ts'
import { listMessages } from '../../../core/mail/message-list.ts'
import { riskOfMessages, riskOfUrls } from '../../../core/reputation/risk.ts'
import type { ReadStore } from '../../../core/store/store.ts'
import { DAY } from '../reputation/builders.ts'
import { aMessage, TestCase } from '../reputation/case-builder.ts'

const AT = Date.UTC(2026, 2, 1) * 1000

/** Every statement that `work` prepares, with the plan SQLite has for it. */
function plansOf(test: TestCase, work: (db: ReadStore) => unknown): { sql: string; plan: string }[] {
  const statements = new Set<string>()
  const { db } = test
  const watched: ReadStore = {
    pragma: db.pragma.bind(db),
    prepare: ((sql: string) => {
      statements.add(sql)
      return db.prepare(sql)
    }) as ReadStore['prepare'],
  }
  // What is worked out once per state of the case may read everything; a page after that may not.
  work(watched)
  statements.clear()
  work(watched)
  return [...statements].map((sql) => {
    const bound = /[@]\w+/.test(sql)
      ? [Object.fromEntries([...sql.matchAll(/@(\w+)/g)].map(([, name = '']) => [name, '[]']))]
      : Array<string>((sql.match(/\?/g) ?? []).length).fill('[]')
    const steps = db.prepare('EXPLAIN QUERY PLAN ' + sql).all(...bound) as { detail: string }[]
    return { sql, plan: steps.map((step) => step.detail).join(' | ') }
  })
}

describe('the plans of mail queries', () => {
  it.each([
    [
      'a page of messages',
      (db: ReadStore) => listMessages(db, AT, { text: '', touchedOnly: false, order: 'newest', limit: 10 }),
    ],
    ['one message', (db: ReadStore) => getMessage(db, AT, 1)],
    ['risk of messages', (db: ReadStore) => riskOfMessages(db, [1], AT)],
    ['risk of URLs', (db: ReadStore) => riskOfUrls(db, [1], AT)],
  ])('%s reads by index only', (_, work) => {
    const test = new TestCase(AT)
    expect(test.mail(aMessage({ at: AT - DAY }))).toBe(1)
    const plans = plansOf(test, work)
    expect(plans.length).toBeGreaterThan(0)
    // The list of ids itself (json_each) and the handful of packs and policies are read from end to end.
    const scans = plans.filter(({ plan }) => /SCAN (?!i\b|n\b|p\b|pack\b|policy\b|CONSTANT)/.test(plan))
    expect(scans).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { loadPackedNetwork } from '../../../core/graph/load-network.ts'
import { packedIfReady, packedOf, packedSoon } from '../../../core/graph/network-cache.ts'
import { GraphCase } from './graph-case.ts'

describe('the packed network of a case', () => {
  it('is packed once for all who ask at the same time, and is the one packed at once', async () => {
    await using graph = await GraphCase.stating([
      ['spawned', 'process:a', 'process:b', 1],
      ['dropped', 'process:b', 'file:c', 2],
      ['member-of', 'user:x', 'group:y'],
    ])
    const { db } = graph.testCase
    expect(packedIfReady(db)).toBeUndefined()
    const [one, other] = await Promise.all([packedSoon(db), packedSoon(db)])
    expect(one).toBe(other)
    expect(packedOf(db)).toBe(one)
    expect(one).toEqual(loadPackedNetwork(db))
    expect(one.ids.length).toBe(3)
  })

  it('is packed anew when the relations changed while it was being packed', async () => {
    await using graph = await GraphCase.stating([['spawned', 'process:a', 'process:b', 1]])
    const { db } = graph.testCase
    const asked = packedSoon(db)
    db.transaction(() => {
      db.prepare('DELETE FROM relation').run()
      db.prepare(`UPDATE case_info SET value = value + 1 WHERE key = 'correlation_run'`).run()
    })()
    expect((await asked).ids.length).toBe(0)
    expect(packedOf(db).ids.length).toBe(0)
  })
})

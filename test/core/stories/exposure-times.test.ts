import { describe, expect, it } from 'vitest'
import { GraphCase, START } from '../graph/graph-case.ts'

const iso = (seconds: number): string => new Date(START / 1000 + seconds * 1000).toISOString()

describe('when somebody or something was affected', () => {
  it('is when it is on record, not when a search allows for it', async () => {
    await using graph = await GraphCase.stating([
      ['clicked-by', 'url:https://x.example/', 'user:ann', 100],
      ['signed-in-as', 'endpoint:ws', 'user:ann', 10],
      ['signed-in-as', 'endpoint:ws', 'user:ann', 50],
      ['logged-on-to', 'user:ann', 'endpoint:srv', 200],
    ])
    const { before, after } = await graph.client.call('exposure.of', { entity: 'user:ann' })
    const timesOf = (rows: typeof before.rows) =>
      rows.map((row) => [row.entity.name, row.firstAt, row.lastAt])
    expect(timesOf(before.rows)).toEqual([
      ['https://x.example/', iso(100), iso(100)],
      ['ws', iso(10), iso(50)],
    ])
    expect(timesOf(after.rows)).toContainEqual(['srv', iso(200), iso(200)])
  })

  it('of a file is not before the first record of it, though it may have lain there', async () => {
    await using graph = await GraphCase.stating([
      ['located-on', 'file:lock.exe', 'endpoint:ws', null],
      ['installed-service', 'endpoint:ws', 'service:backup', 10],
      ['executed-as', 'file:lock.exe', 'process:lock.exe', 100],
      ['created-task', 'endpoint:ws', 'scheduled-task:upd', 150],
    ])
    const { after, endpoints } = await graph.client.call('exposure.of', { entity: 'file:lock.exe' })
    expect(endpoints.rows.map((row) => [row.entity.name, row.firstAt])).toEqual([['ws', iso(100)]])
    expect(after.rows.map((row) => row.entity.name).sort()).toEqual(['lock.exe', 'upd', 'ws'])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nearKinds } from '../../../core/events/near-kinds.ts'
import { EVENT_KINDS } from '../../../core/model/event.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

describe('event search', () => {
  let bench: Workbench
  beforeAll(async () => {
    bench = await Workbench.open()
    const undated = JSON.stringify({
      Hostname: 'ws02.corp.example',
      Channel: 'Application',
      SourceName: 'X',
      EventID: 7,
      RecordNumber: 1,
      Message: 'no time',
    })
    await bench.import(
      bench.file('a.json', windowsLines(250)),
      bench.file('b.json', `${windowsLines(30, 'ws02.corp.example')}\n${undated}\n`),
    )
  })
  afterAll(() => bench.close())

  const search = (text: string, more: object = {}) => bench.client.call('event.search', { text, ...more })

  it('pages through everything once, in either order, undated last', async () => {
    for (const order of ['oldest', 'newest'] as const) {
      const ids: string[] = []
      const times: (string | null)[] = []
      let cursor: string | null = null
      do {
        const page = await search('', { limit: 37, cursor, order })
        expect(page.total).toBe(281)
        ids.push(...page.rows.map((row) => row.id))
        times.push(...page.rows.map((row) => row.at))
        cursor = page.next
      } while (cursor !== null)
      expect(new Set(ids).size).toBe(281)
      expect(times.at(-1)).toBeNull()
      const dated = times.filter((at) => at !== null)
      expect(dated).toEqual(
        [...dated]
          .sort()
          .reverse()
          .reverse()
          .sort((a, b) => (order === 'oldest' ? a.localeCompare(b) : b.localeCompare(a))),
      )
    }
  })

  it.each([
    ['"echo 249"', 1],
    ['host:ws02*', 31],
    ['-host:ws02*', 250],
    ['image:cmd.exe host:ws01*', 250],
    ['kind:process-start', 280],
    ['kind:process-start -kind:process-start', 0],
    ['pid:1005', 2],
    ['time:2026-03-02T08:00..2026-03-02T08:00', 90],
    ['user:CORP\\amber', 280],
    ['nothing-like-this', 0],
    ['%', 0],
  ])('%s finds %i', async (text, count) => {
    expect((await search(text)).total).toBe(count)
  })

  it('refuses an unknown field and a broken time with the field named', async () => {
    await expect(search('colour:red')).rejects.toMatchObject({
      code: 'request.unknown_field',
      params: { field: 'colour', known: expect.arrayContaining(['user', 'kind']) as string[] },
    })
    await expect(search('time:yesterday')).rejects.toMatchObject({ code: 'request.invalid' })
    // The wrong way round: "no events" would be taken for an answer.
    await expect(search('time:2026-03-03..2026-03-02')).rejects.toMatchObject({ code: 'request.invalid' })
  })

  it.each([
    ['kind:nosuch', 'nosuch'],
    ['kind:nosuch*', 'nosuch*'],
    ['-kind:nosuch', 'nosuch'],
  ])('%s is refused with the kinds there are', async (text, kind) => {
    await expect(search(text)).rejects.toMatchObject({
      code: 'request.unknown_kind',
      params: { kind, known: expect.arrayContaining([...EVENT_KINDS]) as string[] },
    })
  })

  it.each([
    ['logn', 'logon'],
    ['process_start', 'process-start'],
    ['dns', 'dns-query'],
    ['proces-strat', 'process-start'],
  ])('%j comes nearest to %s', (text, kind) => {
    expect(nearKinds(text)[0]).toBe(kind)
    expect(nearKinds(text)).toHaveLength(EVENT_KINDS.length)
  })

  it.each([
    ['ip:10.0.0.0/99', 'ip', '10.0.0.0/99'],
    ['ip:999.1.1.1', 'ip', '999.1.1.1'],
    ['ip:host*', 'ip', 'host*'],
  ])('refuses %s instead of finding nothing', async (text, field, problem) => {
    await expect(search(text)).rejects.toMatchObject({ code: 'request.invalid', params: { field, problem } })
  })

  it('takes addresses whole, as a pattern and of either family', async () => {
    for (const text of ['ip:10.0.0.1', 'ip:10.0.*', 'ip:fe80::1', 'ip:fe80:*'])
      expect((await search(text)).total).toBe(0)
  })

  it('refuses a cursor that is none, in every list', async () => {
    const { client } = bench
    const invalid = { code: 'request.invalid', params: { field: 'cursor' } }
    for (const cursor of ['zzz', '1:2:3', '1_2', '-1', '1e3', ' ']) {
      await expect(search('', { cursor })).rejects.toMatchObject(invalid)
      await expect(client.call('relation.list', { cursor })).rejects.toMatchObject(invalid)
      await expect(client.call('entity.search', { cursor })).rejects.toMatchObject(invalid)
      await expect(client.call('evidence.issues', { cursor })).rejects.toMatchObject(invalid)
      await expect(client.call('audit.list', { cursor })).rejects.toMatchObject(invalid)
    }
  })

  it('counts a histogram that adds up, without the undated', async () => {
    const histogram = await bench.client.call('event.histogram', { buckets: 50 })
    expect(histogram.undated).toBe(1)
    expect(histogram.buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(280)
    expect(histogram.buckets.length).toBeLessThanOrEqual(51)
  })

  it('leads from an event to its raw record', async () => {
    const { rows } = await search('"echo 249"')
    const event = await bench.client.call('event.get', { id: rows[0]?.id ?? '' })
    const raw = await bench.client.call('record.get', {
      evidenceId: event.source.evidenceId,
      record: event.source.record,
    })
    expect(raw.locator).toBe(event.locator)
    expect(JSON.parse(raw.raw)).toMatchObject({ CommandLine: 'cmd /c echo 249' })
  })
})

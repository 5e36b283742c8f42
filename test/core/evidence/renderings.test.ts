import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fixture } from '../../support/parse.ts'
import { Workbench } from '../../support/workbench.ts'

const NAMES = 'Id,MachineName,LogName,ProviderName,RecordId,TimeCreated,Message'

describe('the same log in several renderings', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  it('is stored once: EVTX first, its JSON brings nothing new', async () => {
    const log = await bench.import(bench.file('a.evtx', fixture('evtx/good-every-event.evtx')))
    const json = await bench.import(bench.file('a.jsonl', fixture('windows-json/good-every-event.jsonl')))
    const [first] = log.evidence
    expect(json.evidence[0]).toMatchObject({
      format: 'windows-json',
      read: first?.read,
      stored: 0,
      duplicate: first?.read,
    })
  })

  it('keeps an alert of Elastic and a finding of chainsaw beside the event they are about', async () => {
    const elastic = await bench.import(
      bench.file('elastic.ndjson', fixture('windows-json/good-elastic.ndjson')),
    )
    expect(elastic.evidence[0]).toMatchObject({ format: 'windows-json', read: 8, stored: 8, duplicate: 0 })
    const chainsaw = await bench.import(
      bench.file('chainsaw.json', fixture('windows-json/good-chainsaw.json')),
    )
    expect(chainsaw.evidence[0]).toMatchObject({ read: 1, stored: 1, duplicate: 0 })
  })

  it('is one also where a rendering has no zone: record, channel, computer and second say so', async () => {
    const row = '4634,WS01,Security,Microsoft-Windows-Security-Auditing,7,2031-05-06 07:08:09,x'
    const { evidence } = await bench.import(bench.file('a.csv', `${NAMES}\r\n${row}\r\n${row}\r\n`))
    expect(evidence[0]).toMatchObject({ format: 'windows-csv', read: 2, stored: 1, duplicate: 1 })
  })
})

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { EVTX_SAMPLES } from './findings/expected-evtx.ts'
import { OTRF_SAMPLES } from './findings/expected-otrf.ts'
import { findIn } from './findings/find.ts'
import { type Row, writePage } from './findings/table.ts'
import { samplesFolder } from './samples.ts'

describe('what is found in the samples', () => {
  const rows = new Map<string, Row>()
  beforeAll(async () => {
    for (const sample of [...OTRF_SAMPLES, ...EVTX_SAMPLES]) {
      const here = sample.paths.filter((path) => existsSync(join(samplesFolder, path)))
      expect(here, sample.name).toEqual(sample.paths)
      rows.set(sample.name, { sample, finds: await findIn(sample.paths) })
    }
  })
  const rowsOf = (samples: readonly { readonly name: string }[]): Row[] =>
    samples.flatMap(({ name }) => rows.get(name) ?? [])

  it('stands in docs/samples.md', async () => {
    const page = writePage([
      { title: 'Scenarios of several machines', rows: rowsOf(OTRF_SAMPLES) },
      { title: 'Single techniques (EVTX)', rows: rowsOf(EVTX_SAMPLES) },
    ])
    await expect(page).toMatchFileSnapshot('../../docs/samples.md')
  })

  it('leaves out no event log of the folders it is about', () => {
    const folders = ['evtx/attack-samples', 'evtx/mitre-attack']
    const there = folders.flatMap((folder) =>
      readdirSync(join(samplesFolder, folder)).map((name) => `${folder}/${name}`),
    )
    expect(EVTX_SAMPLES.flatMap(({ paths }) => paths).sort()).toEqual(there.sort())
  })

  it('reads all of them without a rejected record', () => {
    expect(
      [...rows.values()].filter(({ finds }) => finds.rejected > 0).map(({ sample }) => sample.name),
    ).toEqual([])
  })

  it('finds most of what they are said to hold', () => {
    const all = [...rows.values()].flatMap(({ sample, finds }) =>
      sample.expects.map((one) => one.isFound(finds)),
    )
    expect(all.filter(Boolean).length / all.length).toBeGreaterThan(0.6)
  })
})

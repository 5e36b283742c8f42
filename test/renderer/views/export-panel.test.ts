import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import ExportPanel from '../../../renderer/views/report/export-panel.vue'
import { useReportStore } from '../../../renderer/stores/report.ts'
import { browseRequest } from '../../../renderer/frame/use-files.ts'
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const text = (key: string) => ({ key, params: {} })
const target = (id: string, more: object = {}) => ({
  id,
  title: text(`export.${id}.title`),
  description: text(`export.${id}.description`),
  left: text(`export.${id}.left`),
  mediaType: 'text/plain',
  extension: 'json',
  reads: [],
  addresses: 'live' as const,
  takesSpan: false,
  method: 'export.run' as const,
  ...more,
})
const engine = () =>
  fakeEngine({
    'export.targets': [
      target('indicators-csv', { addresses: 'choice', extension: 'csv' }),
      target('plan-csv', { method: 'plan.export', extension: 'csv', left: null }),
      target('stix'),
    ],
    'export.run': { jobId: '4' },
    'plan.export': { jobId: '5' },
  })

describe('handing over on the Report screen', () => {
  it('says what a target takes and leaves out, and writes to a place a human chose', async () => {
    const fake = engine()
    const { view } = await mountView(ExportPanel, { engine: fake })
    expect(view.text()).toContain('description')
    expect(view.text()).toContain('Left out: left')
    expect(view.find('input[type=checkbox]').exists()).toBe(false)
    void view.find('button').trigger('click')
    await flushPromises()
    expect(browseRequest.value).toMatchObject({ purpose: 'export', extension: 'json' })
    browseRequest.value?.answer([{ grant: 'g1', name: 'case.json', bytes: 0, isFolder: false }])
    await flushPromises()
    expect(fake.calls.filter(({ method }) => method === 'export.run')).toEqual([
      { method: 'export.run', input: { grant: 'g1', target: 'stix', live: false } },
    ])
  })

  it('asks before addresses can be followed, where that is a choice', async () => {
    const fake = engine()
    const { view } = await mountView(ExportPanel, { engine: fake })
    await view.find('select').setValue('indicators-csv')
    await view.find('input[type=checkbox]').setValue(true)
    void view.find('button').trigger('click')
    await flushPromises()
    browseRequest.value?.answer([{ grant: 'g2', name: 'i.csv', bytes: 0, isFolder: false }])
    await flushPromises()
    expect(fake.calls.find(({ method }) => method === 'export.run')?.input).toEqual({
      grant: 'g2',
      target: 'indicators-csv',
      live: true,
    })
  })

  it('does not write names that the report redacts before somebody has said that they know', async () => {
    const { view } = await mountView(ExportPanel, { engine: engine() })
    useReportStore().redaction = { users: true, endpoints: false, addresses: 'none', terms: [] }
    await flushPromises()
    expect(view.text()).toContain('Redaction is for the report')
    expect(view.find<HTMLButtonElement>('button').element.disabled).toBe(true)
    await view.find('.names input').setValue(true)
    expect(view.find<HTMLButtonElement>('button').element.disabled).toBe(false)
    await view.find('select').setValue('plan-csv')
    expect(view.find<HTMLButtonElement>('button').element.disabled).toBe(true)
  })

  it('writes the plan by its own method', async () => {
    const fake = engine()
    const { view } = await mountView(ExportPanel, { engine: fake })
    await view.find('select').setValue('plan-csv')
    void view.find('button').trigger('click')
    await flushPromises()
    browseRequest.value?.answer([{ grant: 'g3', name: 'p.csv', bytes: 0, isFolder: false }])
    await flushPromises()
    expect(fake.calls.find(({ method }) => method === 'plan.export')?.input).toEqual({
      grant: 'g3',
      format: 'csv',
    })
  })

  it('writes nothing when no place was chosen', async () => {
    const fake = engine()
    const { view } = await mountView(ExportPanel, { engine: fake })
    void view.find('button').trigger('click')
    await flushPromises()
    browseRequest.value?.answer([])
    await flushPromises()
    expect(fake.calls.some(({ method }) => method === 'export.run')).toBe(false)
  })
})

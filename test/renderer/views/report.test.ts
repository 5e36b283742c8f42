import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import ReportScreen from '../../../renderer/views/report/report-screen.vue'
import { browseRequest } from '../../../renderer/frame/use-files.ts'
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const text = (key: string) => ({ key, params: {} })
const engine = () =>
  fakeEngine({
    'report.sections': [
      {
        id: 'custody',
        order: 60,
        title: text('report.custody.title'),
        description: text('report.custody.description'),
      },
      {
        id: 'cover',
        order: 10,
        title: text('report.cover.title'),
        description: text('report.cover.description'),
      },
    ],
    'report.preview': { html: '<h1>Report</h1><script>parent.hacked = 1</script>', sha256: 'ab'.repeat(32) },
    'report.write': { jobId: '4' },
    'job.get': {
      job: {
        id: '4',
        method: 'report.write',
        status: 'done',
        startedAt: null,
        endedAt: null,
        progress: 1,
        eta: null,
        step: null,
        counters: {},
        error: null,
      },
      result: { path: 'r.html', bytes: 10, sha256: 'ab', format: 'html', printedBy: null },
    },
  })

describe('the Report screen', () => {
  it('previews in a frame that may run nothing', async () => {
    const { view } = await mountView(ReportScreen, { engine: engine() })
    const frame = view.find('iframe')
    expect(frame.attributes('sandbox')).toBe('')
    expect(frame.attributes('srcdoc')).toContain('<h1>Report</h1>')
  })

  it('keeps links within the report inside its frame', async () => {
    const fake = fakeEngine({
      'report.sections': [],
      'report.preview': { html: '<a href="#cover">1</a><h1 id="cover">Report</h1>', sha256: 'ab'.repeat(32) },
    })
    const { view } = await mountView(ReportScreen, { engine: fake })
    expect(view.find('iframe').attributes('srcdoc')).toContain('<a href="about:srcdoc#cover">')
  })

  it('asks for the sections that are ticked, in their order', async () => {
    const fake = engine()
    const { view } = await mountView(ReportScreen, { engine: fake })
    expect(fake.calls.findLast((call) => call.method === 'report.preview')?.input).toMatchObject({
      sections: ['cover', 'custody'],
    })
    await view.find('li input[type="checkbox"]').setValue(false)
    await flushPromises()
    expect(fake.calls.findLast((call) => call.method === 'report.preview')?.input).toMatchObject({
      sections: ['custody'],
    })
  })

  it('writes to the place a human chose', async () => {
    const fake = engine()
    const { role } = await mountView(ReportScreen, { engine: fake })
    role('button', 'Save HTML').click()
    await flushPromises()
    browseRequest.value?.answer([{ grant: 'g1', name: 'r.html', bytes: 0, isFolder: false }])
    await flushPromises()
    expect(fake.calls.findLast((call) => call.method === 'report.write')?.input).toMatchObject({
      grant: 'g1',
      format: 'html',
    })
    fake.emit({ type: 'job.ended', jobId: '4', method: 'report.write', status: 'done', error: null })
    await flushPromises()
  })
})

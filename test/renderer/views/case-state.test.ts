import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import ReadOnlyBanner from '../../../renderer/frame/read-only-banner.vue'
import GraphScreen from '../../../renderer/views/graph/graph-screen.vue'
import MailScreen from '../../../renderer/views/mail/mail-screen.vue'
import ReputationScreen from '../../../renderer/views/reputation/reputation-screen.vue'
import ReportScreen from '../../../renderer/views/report/report-screen.vue'
import { caseInfo, fakeEngine, page } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const answers = {
  'mail.list': page([]),
  'path.suggest': [],
  'pack.list': [],
  'retro.list': [],
  'correlation.run': { jobId: '1' },
  'report.sections': [],
  'report.settings': { settings: null },
  'report.templates': [],
  'report.figures': [],
  'report.preview': { html: '', sha256: 'ab'.repeat(32), cut: false },
} satisfies Parameters<typeof fakeEngine>[0]
const raw = { ...caseInfo, correlationStale: true, counts: { ...caseInfo.counts, entities: 0 } }

describe('before correlation', () => {
  it.each([
    ['Mail', MailScreen],
    ['Graph', GraphScreen],
    ['Reputation', ReputationScreen],
  ])('%s says to correlate first, and does it', async (_name, screen) => {
    const engine = fakeEngine({ ...answers, 'case.info': raw })
    const { view, role } = await mountView(screen, { engine })
    expect(view.text()).toContain('Not correlated yet')
    role('button', 'Correlate now').click()
    await flushPromises()
    expect(engine.calls.some((call) => call.method === 'correlation.run')).toBe(true)
  })

  it('says that what is shown is from before the evidence changed', async () => {
    const engine = fakeEngine({ ...answers, 'case.info': { ...caseInfo, correlationStale: true } })
    const { view } = await mountView(MailScreen, { engine })
    expect(view.text()).toContain('Evidence changed after the last correlation')
  })
})

describe('a read-only case', () => {
  const readOnly = { ...caseInfo, readOnly: true }

  it('says so until the message is dismissed', async () => {
    const { view, role } = await mountView(ReadOnlyBanner, {
      engine: fakeEngine({ 'case.info': readOnly }),
    })
    expect(view.text()).toContain('open read-only')
    role('button', 'Dismiss').click()
    await flushPromises()
    expect(view.text()).toBe('')
  })

  it('offers no change, and the reason as tooltip', async () => {
    const { role } = await mountView(ReputationScreen, {
      engine: fakeEngine({ ...answers, 'case.info': readOnly }),
    })
    const run = role('button', 'Run the retro scan')
    expect(run.hasAttribute('disabled')).toBe(true)
    expect(run.title).toContain('another program has it')
  })

  it('still lets a report be saved', async () => {
    const { role } = await mountView(ReportScreen, {
      engine: fakeEngine({ ...answers, 'case.info': readOnly }),
    })
    await vi.waitFor(() => expect(role('button', 'Save HTML').hasAttribute('disabled')).toBe(false))
  })
})

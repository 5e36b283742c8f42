import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import ReadOnlyBanner from '../../../renderer/frame/read-only-banner.vue'
import GraphScreen from '../../../renderer/views/graph/graph-screen.vue'
import DirectoryScreen from '../../../renderer/views/directory/directory-screen.vue'
import MailScreen from '../../../renderer/views/mail/mail-screen.vue'
import ReputationScreen from '../../../renderer/views/reputation/reputation-screen.vue'
import ReportScreen from '../../../renderer/views/report/report-screen.vue'
import { useImportStore } from '../../../renderer/stores/imports.ts'
import StoryScreen from '../../../renderer/views/story/story-screen.vue'
import SweepScreen from '../../../renderer/views/sweep/sweep-screen.vue'
import TimelineScreen from '../../../renderer/views/timeline/timeline-screen.vue'
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
    expect(view.text()).toContain('changed after the last correlation')
  })
})

describe('a case without evidence', () => {
  const bare = {
    ...caseInfo,
    counts: { ...caseInfo.counts, evidence: 0, entities: 0, events: 0, messages: 0 },
  }
  const none = { 'sweep.runs': [], 'sweep.saved': [], 'sweep.formats': [], 'identity.decisions': [] }

  it.each([
    ['Story', StoryScreen, 'told from endpoint logs'],
    ['Graph', GraphScreen, 'as far as evidence names them'],
    ['Timeline', TimelineScreen, 'becomes an event here'],
    ['Mail', MailScreen, 'message traces'],
    ['Sweep', SweepScreen, 'nothing to look through yet'],
    ['Directory', DirectoryScreen, 'directory exports'],
  ])('%s says what it lives on, and brings it in', async (_name, screen, why) => {
    const engine = fakeEngine({ ...answers, ...none, 'case.info': bare })
    const { view, role } = await mountView(screen, { engine })
    expect(view.text()).toContain('This case holds no evidence yet')
    expect(view.text()).toContain(why)
    role('button', 'Import evidence').click()
    expect(useImportStore().isDialogOpen).toBe(true)
  })

  it('is not said of a case in which somebody was added by hand', async () => {
    const byHand = { ...bare, counts: { ...bare.counts, entities: 1 } }
    const { view } = await mountView(GraphScreen, { engine: fakeEngine({ ...answers, 'case.info': byHand }) })
    expect(view.text()).not.toContain('This case holds no evidence yet')
  })

  it('with evidence and no mail, Mail asks for mail instead of a choice from nothing', async () => {
    const { view } = await mountView(MailScreen, {
      engine: fakeEngine({ ...answers, 'case.info': caseInfo }),
    })
    expect(view.text()).toContain('No evidence of this case holds messages')
    expect(view.text()).not.toContain('Choose a message')
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

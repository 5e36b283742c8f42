import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import ReportScreen from '../../../renderer/views/report/report-screen.vue'
import { browseRequest } from '../../../renderer/frame/use-files.ts'
import { methods } from '../../../core/contract/methods.ts'
import { HANDED_OUT } from '../../../renderer/stores/jobs.ts'
import { useNoticeStore } from '../../../renderer/stores/notices.ts'
import { caseInfo, fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const text = (key: string) => ({ key, params: {} })
/** A case of which nothing was saved and nothing is pinned. */
const quiet = {
  'report.settings': { settings: null },
  'report.templates': [
    {
      id: 'executive',
      title: text('report.template.executive.title'),
      description: text('report.template.executive.description'),
      sections: ['custody'],
      options: { custody: { rows: 10 } },
    },
  ],
  'report.figures': [],
}
const engine = () =>
  fakeEngine({
    'report.sections': [
      {
        id: 'custody',
        order: 60,
        title: text('report.custody.Custody'),
        description: text('report.custody.description'),
        within: null,
        options: [
          {
            id: 'rows',
            title: text('report.custody.option.rows'),
            kind: 'number',
            default: 400,
            min: 2,
            max: 20_000,
            choices: [],
          },
        ],
      },
      {
        id: 'cover',
        order: 10,
        title: text('report.cover.Cover'),
        description: text('report.cover.description'),
        within: null,
        options: [],
      },
    ],
    ...quiet,
    'report.preview': {
      html: '<h1>Report</h1><script>parent.hacked = 1</script>',
      sha256: 'ab'.repeat(32),
      cut: false,
    },
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
      result: {
        path: 'out/r.html',
        bytes: 10,
        sha256: 'ef'.repeat(32),
        format: 'html',
        printedBy: null,
        pages: null,
      },
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
      ...quiet,
      'report.sections': [],
      'report.preview': {
        html: '<a href="#cover">1</a><h1 id="cover">Report</h1>',
        sha256: 'ab'.repeat(32),
        cut: false,
      },
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

  it('offers the digest of the file that was saved, and none of a preview', async () => {
    const fake = engine()
    const { view, role } = await mountView(ReportScreen, { engine: fake })
    expect(view.find('.hash').exists()).toBe(false)
    role('button', 'Save HTML').click()
    await flushPromises()
    browseRequest.value?.answer([{ grant: 'g1', name: 'r.html', bytes: 0, isFolder: false }])
    await flushPromises()
    fake.emit({ type: 'job.ended', jobId: '4', method: 'report.write', status: 'done', error: null })
    await flushPromises()
    expect(view.findAll('.hash').map((hash) => hash.attributes('title'))).toEqual(['ef'.repeat(32)])
    expect(view.find('.saved').text()).toContain('r.html')
  })

  const asked = (fake: ReturnType<typeof fakeEngine>) =>
    fake.calls.findLast((call) => call.method === 'report.preview')?.input

  it('moves a section up and down', async () => {
    const fake = engine()
    const { role } = await mountView(ReportScreen, { engine: fake })
    role('button', 'Move Custody up').click()
    await flushPromises()
    expect(asked(fake)).toMatchObject({ sections: ['custody', 'cover'] })
  })

  it('sets an option of a section within its limits', async () => {
    const fake = engine()
    const { view, role } = await mountView(ReportScreen, { engine: fake })
    role('button', 'Options of Custody').click()
    await flushPromises()
    await view.find('input[type="number"]').setValue('1')
    await flushPromises()
    expect(asked(fake)).toMatchObject({ options: { custody: { rows: 2 } } })
  })

  it('shows the section that was changed, not the cover again', async () => {
    const { view, role } = await mountView(ReportScreen, { engine: engine() })
    await flushPromises()
    const frame = view.find('iframe')
    const went: string[] = []
    const location = { replace: (place: string) => went.push(place) }
    Object.defineProperty(frame.element, 'contentWindow', { value: { location } })
    await frame.trigger('load')
    expect(went).toEqual([])
    const custody = view.find('[data-section="custody"]')
    role('button', 'Options of Custody').click()
    await flushPromises()
    await custody.find('input[type="number"]').setValue('12')
    await frame.trigger('load')
    expect(went).toEqual(['about:srcdoc#section-custody'])
    await custody.find('input[type="checkbox"]').trigger('change')
    await frame.trigger('load')
    expect(went).toHaveLength(1)
  })

  it('takes sections and options of a template', async () => {
    const fake = engine()
    const { view } = await mountView(ReportScreen, { engine: fake })
    await view.find('select').setValue('executive')
    await flushPromises()
    expect(asked(fake)).toMatchObject({ sections: ['custody'], options: { custody: { rows: 10 } } })
  })

  it('prints the analyst’s own text beside the section it stands at', async () => {
    const fake = engine()
    const { view, role } = await mountView(ReportScreen, { engine: fake })
    role('button', 'Add a text').click()
    await flushPromises()
    expect(asked(fake)).toMatchObject({ blocks: [] })
    await view.find('fieldset textarea').setValue('Seen by **me**')
    await flushPromises()
    expect(asked(fake)).toMatchObject({
      blocks: [{ section: 'summary', place: 'after', text: 'Seen by **me**' }],
    })
  })

  it('shows what redaction replaces, and keeps the settings with the case', async () => {
    const fake = engine()
    fake.answer({
      'report.redaction': {
        rules: [{ kind: 'user', known: 3, replaced: 9 }],
        rows: [{ kind: 'user', original: 'CORP\\jane', pseudonym: 'USER-AB12CD', count: 9 }],
      },
      'report.save': { changed: true },
    })
    const { view, role } = await mountView(ReportScreen, { engine: fake })
    const users = view.findAll('label').find((one) => one.text() === 'Users and mailboxes')
    await users?.find('input').trigger('change')
    await flushPromises()
    expect(asked(fake)).toMatchObject({ redaction: { users: true, endpoints: false } })
    role('button', 'Show what is replaced').click()
    await flushPromises()
    expect(view.text()).toContain('Users: 3 known, 9 replacements')
    expect(view.text()).toContain('USER-AB12CD')
    role('button', 'Keep with the case').click()
    await flushPromises()
    expect(fake.calls.findLast((call) => call.method === 'report.save')?.input).toMatchObject({
      redaction: { users: true },
    })
  })

  it('drags a section to the place of another', async () => {
    const fake = engine()
    const { view } = await mountView(ReportScreen, { engine: fake })
    const row = (id: string) => view.find(`li[data-section="${id}"]`)
    await row('custody').find('.grip').trigger('dragstart')
    await row('cover').trigger('dragover')
    await row('cover').trigger('drop')
    await flushPromises()
    expect(asked(fake)).toMatchObject({ sections: ['custody', 'cover'] })
  })

  it('signs the manifest of the report written last with a key that a human chose', async () => {
    const fake = engine()
    fake.answer({ 'manifest.write': { jobId: '5' } })
    const { role } = await mountView(ReportScreen, { engine: fake })
    role('button', 'Save HTML').click()
    await flushPromises()
    browseRequest.value?.answer([{ grant: 'g1', name: 'r.html', bytes: 0, isFolder: false }])
    await flushPromises()
    fake.emit({ type: 'job.ended', jobId: '4', method: 'report.write', status: 'done', error: null })
    await flushPromises()
    role('button', 'Manifest').click()
    await flushPromises()
    const find = <T extends Element>(selector: string) => document.querySelector<T & HTMLElement>(selector)
    find('input[name="sign"]')?.click()
    await flushPromises()
    role('button', 'Choose the key file').click()
    await flushPromises()
    expect(browseRequest.value?.purpose).toBe('key')
    browseRequest.value?.answer([{ grant: 'k1', name: 'me.pem', bytes: 0, isFolder: false }])
    await flushPromises()
    const secret = find<HTMLInputElement>('input[name="passphrase"]')
    if (secret) secret.value = 'correct horse'
    secret?.dispatchEvent(new Event('input'))
    role('button', 'Write the manifest').click()
    await flushPromises()
    browseRequest.value?.answer([{ grant: 'm1', name: 'm.json', bytes: 0, isFolder: false }])
    await flushPromises()
    expect(fake.calls.findLast((call) => call.method === 'manifest.write')?.input).toEqual({
      grant: 'm1',
      files: ['g1'],
      key: 'k1',
      passphrase: 'correct horse',
    })
  })

  it('of a read-only case says that what was saved is in no log, and keeps saying it', async () => {
    const saved = async (readOnly: boolean): Promise<string> => {
      const fake = engine()
      fake.answer({ 'case.info': { ...caseInfo, readOnly } })
      const { view, role } = await mountView(ReportScreen, { engine: fake })
      role('button', 'Save HTML').click()
      await flushPromises()
      browseRequest.value?.answer([{ grant: 'g1', name: 'r.html', bytes: 0, isFolder: false }])
      await flushPromises()
      fake.emit({ type: 'job.ended', jobId: '4', method: 'report.write', status: 'done', error: null })
      await flushPromises()
      const keys = useNoticeStore().notices.map((notice) => ('key' in notice.text ? notice.text.key : ''))
      const said = `${view.find('.saved').text()} ${keys.join(' ')}`
      view.unmount()
      return said
    }
    expect(await saved(true)).toMatch(/not in the audit log.*frame\.unlogged/s)
    expect(await saved(false)).not.toMatch(/audit log|unlogged/)
  })
})

describe('jobs that hand something out', () => {
  it('are all known to be told of when the case can take no entry', () => {
    const grants = Object.entries(methods).flatMap(([name, spec]) =>
      'reads' in spec && 'shape' in spec.input && 'grant' in (spec.input.shape as object) ? [name] : [],
    )
    // The other case of a merge is read, not written.
    expect(grants.filter((name) => name !== 'merge.plan').sort()).toEqual([...HANDED_OUT].sort())
  })
})

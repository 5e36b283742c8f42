import { flushPromises } from '@vue/test-utils'
import axe from 'axe-core'
import { describe, expect, it, vi } from 'vitest'
import type { PackRow } from '../../../core/contract/nouns/reputation.ts'
import { ACTIONS_OF, blockedActionsOf as coreBlocked } from '../../../core/reputation/policy-actions.ts'
import {
  PolicySchema,
  SERVICES as CORE_SERVICES,
  type Service,
} from '../../../core/reputation/policy-document.ts'
import { parsePolicy } from '../../../core/reputation/policy-parse.ts'
import ClickPanel from '../../../renderer/views/reputation/click-panel.vue'
import DraftsPanel from '../../../renderer/views/reputation/drafts-panel.vue'
import { useJudgeDraft } from '../../../renderer/views/reputation/judge-draft.ts'
import { usePolicyDraft } from '../../../renderer/views/reputation/policy-draft.ts'
import JudgePanel from '../../../renderer/views/reputation/judge-panel.vue'
import PackPanel from '../../../renderer/views/reputation/pack-panel.vue'
import PolicyCheck from '../../../renderer/views/reputation/policy-check.vue'
import PolicyChoice from '../../../renderer/views/reputation/policy-choice.vue'
import PolicyEditor from '../../../renderer/views/reputation/policy-editor.vue'
import { blankPolicy, toDocument, toForm } from '../../../renderer/views/reputation/policy-form.ts'
import PolicyHeaders from '../../../renderer/views/reputation/policy-headers.vue'
import PolicyLines from '../../../renderer/views/reputation/policy-lines.vue'
import PolicyText from '../../../renderer/views/reputation/policy-text.vue'
import { joinLists, readListFile } from '../../../renderer/views/reputation/read-list.ts'
import PolicyPanel from '../../../renderer/views/reputation/policy-panel.vue'
import { actionsOf, blockedActionsOf, SERVICES } from '../../../renderer/views/reputation/policy-service.ts'
import { entities, fakeEngine } from '../../support/fake-engine.ts'
import { COMMON_OPTIONS, POLICY_OPTIONS } from '../../support/policy-options.ts'
import { mountView } from '../mount-view.ts'

const AT = '2026-03-01T09:30:00.000000Z'
const ours = PolicySchema.parse({
  schema: 1,
  name: 'Mail, all staff',
  service: 'exchange-online',
  securityLevel: 'medium',
  approvedUrls: { enabled: true, urls: ['*.partner.example'] },
  actions: { matched: 'quarantine' },
})
const version = {
  id: '1',
  name: ours.name,
  service: ours.service,
  enabled: true,
  priority: 1,
  effectiveFrom: null,
  effectiveTo: null,
  setAt: AT,
  version: 1,
  isLatest: true,
  isInForce: true,
  policy: ours,
}
const engine = () =>
  fakeEngine({
    'policy.list': [version],
    'policy.get': { policy: ours, isDefault: false },
    'policy.set': { policy: ours, notes: [] },
    'pack.list': [],
    'retro.list': [],
  })
const aPackRow: PackRow = {
  id: '1',
  name: 'feed',
  version: '2',
  createdAt: AT,
  importedAt: AT,
  source: 'feed.txt',
  format: 'plain-list',
  sha256: 'ab',
  entries: 1,
  rejected: 0,
  levels: [],
  number: 1,
  isOn: true,
  isCurrent: true,
  replacedBy: null,
  precedence: 1,
}
const setCall = (calls: readonly { method: string; input: unknown }[]) =>
  calls.find((call) => call.method === 'policy.set')?.input

describe('the policy as a form', () => {
  it('knows the services and their actions as the engine does (W49, W58)', () => {
    expect(SERVICES).toEqual(CORE_SERVICES)
    for (const service of SERVICES) {
      expect(actionsOf(service), service).toEqual(ACTIONS_OF[service])
      expect(blockedActionsOf(service), service).toEqual(coreBlocked(service))
    }
  })

  it('comes back as the document it was', () => {
    expect(PolicySchema.parse(toDocument(toForm(ours)))).toEqual(ours)
    const told = PolicySchema.parse({
      ...ours,
      notifications: {
        administrators: {
          enabled: true,
          recipients: ['a@b.example'],
          threshold: { mode: 'period', hours: 4 },
        },
      },
    })
    expect(PolicySchema.parse(toDocument(toForm(told)))).toEqual(told)
  })

  it.each(SERVICES)('is taken by the engine for %s whatever was on before', (service) => {
    const form = blankPolicy()
    form.name = 'x'
    form.service = service
    form.actions.matched = actionsOf(service)[0] ?? ''
    form.scope = 'incoming'
    form.scanAttachments = true
    form.retroScan = { enabled: true, consentAt: AT }
    form.timeOfClick.enabled = true
    form.approvedSenders = { enabled: true, addresses: ['a@b.example'] }
    form.approvedUrls = { enabled: true, includeInternalDomains: true, urls: [] }
    form.approvedHeaders = { enabled: true, fields: [{ name: 'X', value: 'y', operator: 'equals' }] }
    form.notifications.users.enabled = true
    form.internalDomains = ['corp.example']
    form.actions.tag = 'RISKY'
    form.actions.replacementText = 'Gone.'
    form.globalApprovedHeaders = { fields: [{ name: 'X', value: 'y', operator: 'equals' }] }
    form.actions.fileAction = { enabled: true, action: 'delete', notify: true, secondary: '' }
    expect(parsePolicy(toDocument(form)).service).toBe(service)
  })
})

describe('the policies', () => {
  it('are listed with their versions and opened', async () => {
    const { view } = await mountView(PolicyPanel, { engine: engine() })
    expect(view.find('table').text()).toContain('Mail, all staff')
    expect(view.find('table').text()).toContain('In force')
    expect(view.text()).toContain('Mail, all staff, version 1')
  })

  it('offer exactly what the service has', async () => {
    const { view } = await mountView(PolicyPanel, { engine: engine() })
    const parts = () => view.findAll('legend').map((one) => one.text())
    expect(parts()).toEqual([
      'General',
      'Scope',
      'Retro scan',
      'Time of click',
      'Approved senders',
      'URL lists',
      'Approved header fields',
      'Actions',
      'Notifications',
    ])
    const service = view.findAll('select').find((one) => one.text().includes('Teams Chat'))
    await service?.setValue('teams-chat')
    expect(parts()).toEqual(['General', 'Scope', 'URL lists', 'Actions', 'Notifications'])
    expect(view.text()).toContain('no notice to users (W74)')
  })

  /** Fields that the editor shows for a service with everything switched on that opens more of them. */
  const fieldsOf = async (service: Service): Promise<Set<string>> => {
    const form = blankPolicy()
    form.name = 'x'
    form.service = service
    form.actions.matched = actionsOf(service).includes('quarantine') ? 'quarantine' : 'block'
    form.approvedUrls.enabled = true
    const { view } = await mountView(PolicyEditor, {
      engine: engine(),
      props: { document: toDocument(form), heading: 'x', isOther: true },
    })
    const parts = [PolicyCheck, PolicyChoice, PolicyLines, PolicyText, PolicyHeaders]
    const paths = parts.flatMap((part) =>
      view.findAllComponents(part).map((one) => String((one.props() as Record<string, unknown>)['path'])),
    )
    view.unmount()
    return new Set(paths)
  }
  it.each(SERVICES)('show for %s just its options, as the engine takes them', async (service) => {
    const shown = await fieldsOf(service)
    // Inline protection has one direction (W15): a sentence says so, there is nothing to choose.
    const choosable = POLICY_OPTIONS.filter(({ has, field }) => {
      const isFixed = field === 'scope' && service.startsWith('exchange-inline')
      return has.includes(service) && !isFixed
    })
    const special = POLICY_OPTIONS.map(({ field }) => field).filter((field) => shown.has(field))
    expect(special).toEqual(choosable.map(({ field }) => field))
    for (const { field } of COMMON_OPTIONS) expect(shown, field).toContain(field)
    expect(shown.has('internalDomains')).toBe(service.startsWith('exchange') || service === 'gmail')
  })

  it('W28: switching the retro scan on asks first and stores when somebody agreed', async () => {
    const calls = engine()
    const { view, role } = await mountView(PolicyPanel, { engine: calls })
    const box = view
      .findAll('input[type=checkbox]')
      .find((one) => one.element.parentElement?.textContent.includes('W22'))
    await box?.setValue(true)
    await flushPromises()
    role('button', 'Agree').click()
    await flushPromises()
    role('button', 'Save policy').click()
    await flushPromises()
    expect(setCall(calls.calls)).toMatchObject({
      policy: { retroScan: { enabled: true, consentAt: expect.stringMatching(/^\d{4}-.*Z$/u) } },
    })
  })

  it('W28: without consent the retro scan stays off', async () => {
    const { view, role } = await mountView(PolicyPanel, { engine: engine() })
    const box = view
      .findAll<HTMLInputElement>('input[type=checkbox]')
      .find((one) => one.element.parentElement?.textContent.includes('W22'))
    await box?.setValue(true)
    await flushPromises()
    role('button', 'Cancel').click()
    await flushPromises()
    expect(box?.element.checked).toBe(false)
  })

  it('W45-W48: a refusal stands at the field with its number, and nothing typed is lost', async () => {
    const refusing = engine()
    refusing.answer({
      'policy.set': { code: 'policy.invalid', params: { field: 'approvedUrls.urls[1]', rule: 'W47' } },
    })
    const { view, role } = await mountView(PolicyPanel, { engine: refusing })
    expect(role('button', 'Save policy').hasAttribute('disabled')).toBe(true)
    const urls = view.findAll('textarea').find((one) => one.element.value === '*.partner.example')
    await urls?.setValue('*.partner.example\nbad.*')
    role('button', 'Save policy').click()
    await flushPromises()
    const refused = view.find('textarea[aria-invalid="true"]')
    expect(refused.element).toHaveProperty('value', '*.partner.example\nbad.*')
    const told = document.getElementById(refused.attributes('aria-describedby') ?? '')
    expect(told?.textContent).toContain('2. W47')
  })

  it('tells all faults at once, by the names that the fields have on the screen', async () => {
    const refusing = engine()
    const faults = ['value priority', 'order effectiveTo', 'W14 internalDomains[1]']
    refusing.answer({
      'policy.set': { code: 'policy.invalid', params: { field: 'priority', rule: 'value', faults } },
    })
    const { view, role } = await mountView(PolicyPanel, { engine: refusing })
    await view.find('textarea').setValue('corp.example\nevil')
    role('button', 'Save policy').click()
    await flushPromises()
    expect(view.findAll('.refused li').map((one) => one.text().replaceAll(/\s+/gu, ' '))).toEqual([
      'Priority – A whole number, 1 or more.',
      expect.stringMatching(/^Effective (until|to).* – The end is not after the begin\.$/u),
      expect.stringMatching(/^Internal domains 2 – W14: /u),
    ])
    expect(view.findAll('[data-problem]').length).toBeGreaterThanOrEqual(3)
  })

  it('W40: addresses are added from a file, each once', async () => {
    const text =
      '\ufeff# exported\nnews@partner.example,Partner\r\n"two@partner.example";x\n\nnews@partner.example\n'
    const read = (await readListFile(new Blob([text]))) ?? []
    expect(joinLists(['one@partner.example'], read)).toEqual([
      'one@partner.example',
      'news@partner.example',
      'two@partner.example',
    ])
    expect(await readListFile(new Blob(['http://a.example/b,c?d=1,2\n*.e.example\n']))).toEqual([
      'http://a.example/b,c?d=1,2',
      '*.e.example',
    ])
  })

  it('W40 not: what is no address is not taken in silence: the engine names its place (W39)', async () => {
    const addresses = (await readListFile(new Blob(['a@b.example\n*@evil.example\n']))) ?? []
    const policy = { ...ours, approvedSenders: { enabled: true, addresses } }
    expect(() => parsePolicy(policy)).toThrowError(
      expect.objectContaining({ params: { field: 'approvedSenders.addresses[1]', rule: 'W39' } }),
    )
    expect(await readListFile(new Blob([' '.repeat(5_000_000)]))).toBeUndefined()
  })

  const withHeaders = {
    ...ours,
    approvedHeaders: {
      enabled: true,
      fields: ['one', 'two', 'three'].map((value) => ({ name: 'X-Drill', operator: 'equals', value })),
    },
  }
  const openHeaders = async () => {
    const calls = engine()
    calls.answer({ 'policy.list': [{ ...version, policy: withHeaders }] })
    return { calls, ...(await mountView(PolicyPanel, { engine: calls })) }
  }
  it('W56: chosen entries of the header list are deleted', async () => {
    const { calls, role } = await openHeaders()
    role('button', 'Remove field 2').click()
    await flushPromises()
    role('button', 'Save policy').click()
    await flushPromises()
    expect(setCall(calls.calls)).toMatchObject({
      policy: { approvedHeaders: { fields: [{ value: 'one' }, { value: 'three' }] } },
    })
  })

  it('W56 not: nothing is deleted before the policy is saved, and no other entry', async () => {
    const { calls, role, view } = await openHeaders()
    role('button', 'Remove field 1').click()
    await flushPromises()
    expect(setCall(calls.calls)).toBeUndefined()
    expect(view.findAll('button[aria-label^="Remove field"]')).toHaveLength(2)
  })

  it('W76: saving stores what is in the form', async () => {
    const calls = engine()
    const { view, role } = await mountView(PolicyPanel, { engine: calls })
    const urls = view.findAll('textarea').find((one) => one.element.value === '*.partner.example')
    await urls?.setValue('*.partner.example\nnew.example')
    role('button', 'Save policy').click()
    await flushPromises()
    expect(setCall(calls.calls)).toMatchObject({
      policy: { approvedUrls: { urls: ['*.partner.example', 'new.example'] } },
    })
  })

  it('W76 not: picking another setting stores nothing and drops nothing: it asks first', async () => {
    const second = {
      ...version,
      id: '2',
      name: 'Other',
      isInForce: false,
      policy: { ...ours, name: 'Other' },
    }
    const two = engine()
    two.answer({ 'policy.list': [version, second] })
    const first = await mountView(PolicyPanel, { engine: two })
    const urls = () => first.view.findAll('textarea').find((one) => one.element.value.includes('partner'))
    await urls()?.setValue('*.partner.example\nnew.example')
    expect(first.view.text()).toContain('Changes are not saved')
    first.role('button', 'Open Other, version 1').click()
    await flushPromises()
    first.role('button', 'Keep editing').click()
    await flushPromises()
    expect(urls()?.element.value).toContain('new.example')
    first.role('button', 'Open Other, version 1').click()
    await flushPromises()
    first.role('button', 'Discard changes').click()
    await flushPromises()
    expect(setCall(two.calls)).toBeUndefined()
    expect(first.view.find('h2').text()).toContain('Other')
    expect(urls()?.element.value).not.toContain('new.example')
  })

  it('are read from a file only when the engine takes them', async () => {
    const refusing = engine()
    refusing.answer({
      'judge.message': { code: 'policy.invalid', params: { field: 'colour', rule: 'unknown-field' } },
    })
    const { view, role } = await mountView(PolicyPanel, { engine: refusing })
    const input = view.find<HTMLInputElement>('input[type=file]')
    Object.defineProperty(input.element, 'files', { value: [new File(['{"colour":1}'], 'p.json')] })
    await input.trigger('change')
    await new Promise((done) => setTimeout(done))
    await flushPromises()
    expect(role('alert', 'no such field').textContent).toContain('colour')
  })

  it('pass axe', async () => {
    const { view } = await mountView(PolicyPanel, { engine: engine() })
    const found = await axe.run(view.element.parentElement ?? document.body, {
      rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
    })
    expect(found.violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([])
  })
})

describe('time of click', () => {
  it('W35: tells what a recorded click would have met, by which rule and pack', async () => {
    const clicks = fakeEngine({
      'click.replay': {
        rows: [
          {
            event: '5',
            at: AT,
            user: entities.user,
            endpoint: null,
            url: 'http://bad.example/login',
            message: entities.message,
            policy: 'Ours',
            outcome: 'block',
            clause: 'W35',
            decidedBy: 'level',
            level: 'dangerous',
            pack: 'list 2',
            entry: 'bad.example',
            scope: 'host',
            recorded: 'allowed',
          },
        ],
        next: null,
        total: 1,
        counts: { clicks: 1, block: 1, warn: 0, allow: 0, notCovered: 0 },
      },
    })
    const { view } = await mountView(ClickPanel, { engine: clicks })
    // What is compared stands side by side.
    const heads = view.findAll('th').map((one) => one.text())
    expect(heads.indexOf('Log says')).toBe(heads.indexOf('Would have met') + 1)
    const row = view.find('tbody tr').text()
    for (const part of ['Mira Okafor', 'Blocked', 'W35', 'Dangerous', 'list 2', 'allowed'])
      expect(row).toContain(part)
    expect(row).not.toContain('http://bad.example')
  })
})

describe('notification drafts', () => {
  it('W68 W69 W70: are shown before they are written, by the policy or by another mode', async () => {
    const draft = {
      ...{
        audience: 'administrators',
        mode: 'count',
        at: AT,
        groups: ['Security'],
        recipients: ['soc@corp.example'],
      },
      ...{ subject: 'quarantine: Invoice', body: 'hxxp://bad[.]example/' },
    }
    const toKim = { ...draft, audience: 'users', groups: [], recipients: ['kim@corp.example'] }
    const answer = { drafts: 1, administrators: 1, users: 0, actions: 3, pending: 1, list: [draft, toKim] }
    const job = {
      ...{ id: '4', method: 'notification.preview', status: 'done' as const, startedAt: null, endedAt: null },
      ...{ progress: 1, eta: null, step: null, counters: {}, error: null },
    }
    const calls = fakeEngine({
      'retro.list': [],
      'notification.preview': { jobId: '4' },
      'job.get': { job, result: answer },
    })
    const { view, role } = await mountView(DraftsPanel, { engine: calls })
    const ended = async (): Promise<void> => {
      role('button', 'Show drafts').click()
      await flushPromises()
      calls.emit({
        type: 'job.ended',
        jobId: '4',
        method: 'notification.preview',
        status: 'done',
        error: null,
      })
      await flushPromises()
    }
    const asked = () =>
      calls.calls.filter((call) => call.method === 'notification.preview').map(({ input }) => input)
    await ended()
    expect(asked()).toMatchObject([{ run: null, threshold: null }])
    const modes = view.findAll('select').find((one) => one.text().includes('W69'))
    await modes?.setValue('count')
    expect(view.text()).not.toContain('quarantine: Invoice')
    await view.find('input[type=number]').setValue(2)
    await ended()
    expect(asked()[1]).toMatchObject({ threshold: { mode: 'count', every: 2 } })
    for (const part of ['Administrators', 'W69', 'quarantine: Invoice', 'Security, soc@corp.example', 'hxxp'])
      expect(view.find('li').text()).toContain(part)
    expect(view.findAll('summary')[1]?.text()).toContain('kim@corp.example')
    await view.find('input[type=search]').setValue('KIM@')
    await view.find('input[type=search]').trigger('keydown', { key: 'Enter' })
    await vi.waitUntil(() => view.findAll('summary').length === 1)
    expect(view.text()).toContain('1 of 2')
  })

  it('go to a chosen place, and what was written is counted', async () => {
    const {
      view,
      role,
      engine: asked,
    } = await mountView(DraftsPanel, {
      engine: fakeEngine({
        'host.info': { host: 'desktop', files: 'native', version: '0' },
        'file.pick': [{ grant: 'g', name: 'drafts.zip', bytes: 0, isFolder: false }],
        'retro.list': [],
        'notification.drafts': { jobId: '4' },
        'job.get': {
          job: {
            id: '4',
            method: 'notification.drafts',
            status: 'done',
            startedAt: null,
            endedAt: null,
            progress: 1,
            eta: null,
            step: null,
            counters: {},
            error: null,
          },
          result: { path: '/x/drafts.zip', drafts: 3, administrators: 2, users: 1, actions: 2, pending: 4 },
        },
      }),
    })
    role('button', 'Write drafts').click()
    await flushPromises()
    expect(asked.calls.find((call) => call.method === 'notification.drafts')?.input).toMatchObject({
      grant: 'g',
      run: null,
    })
    asked.emit({ type: 'job.ended', jobId: '4', method: 'notification.drafts', status: 'done', error: null })
    await flushPromises()
    expect(view.text()).toContain('/x/drafts.zip')
  })
})

describe('judging', () => {
  it('says the action with rule and pack', async () => {
    const judging = engine()
    judging.answer({
      'judge.message': {
        policy: 'Ours',
        service: 'exchange-online',
        at: AT,
        excluded: null,
        action: 'quarantine',
        urls: [
          {
            url: 'hxxp://bad.example/',
            normalized: 'http://bad.example/',
            where: 'body',
            attachment: null,
            level: 'dangerous',
            pack: 'list 2',
            entry: 'bad.example',
            scope: 'host',
            decidedBy: 'level',
            clause: 'W18',
            matches: true,
            action: 'quarantine',
            click: { outcome: 'block', clause: 'W35', decidedBy: 'level' },
          },
        ],
        files: [],
        notifications: [],
        notes: [{ code: 'no-web-address', field: 'urls', text: 'mailto:a@b.example' }],
      },
      'pack.list': [aPackRow],
    })
    const { view, role } = await mountView(JudgePanel, { engine: judging })
    await view.find('input[aria-label="URL"]').setValue('hxxp://bad[.]example/')
    role('button', 'Judge').click()
    await view.find('form').trigger('submit')
    await flushPromises()
    expect(view.text()).toContain('Action: Quarantine')
    expect(view.text()).toContain('is no web address')
    expect(view.text()).toContain('feed@2')
    expect(view.find('tbody tr').text()).toContain('W18')
    expect(judging.calls.find((call) => call.method === 'judge.message')?.input).toMatchObject({
      policies: [{ name: 'Mail, all staff' }],
      casePacks: true,
      message: { url: 'hxxp://bad[.]example/' },
    })
    expect(view.find('tbody tr').text()).toMatch(/Blocked\s*W35/u)
    // The answer is to what was asked, and what was asked outlives the tab.
    await view.find('input[aria-label="URL"]').setValue('https://other.example/')
    expect(view.text()).not.toContain('Action: Quarantine')
    view.unmount()
    expect(useJudgeDraft().url).toBe('https://other.example/')
  })

  it('tries what is being written and not saved, at a time of choice', async () => {
    const judging = engine()
    judging.answer({ 'judge.message': { code: 'judge.invalid_url', params: {} }, 'pack.list': [aPackRow] })
    const { view } = await mountView(JudgePanel, { engine: judging })
    const options = () =>
      view
        .findAll('select')[0]
        ?.findAll('option')
        .map((one) => one.text())
    expect(options()).not.toContain('The draft being written (Draft)')
    const editor = usePolicyDraft()
    editor.fresh = { ...ours, name: 'Draft' }
    await flushPromises()
    expect(options()).toContain('The draft being written (Draft)')
    await view.findAll('select')[0]?.setValue('draft')
    const at = view.find('input.at')
    await at.setValue('somewhen')
    await view.find('input[aria-label="URL"]').setValue('bad.example')
    expect(view.text()).toContain('Write a time like')
    expect(view.find('button[type="submit"]').attributes('disabled')).toBeDefined()
    await at.setValue('2026-03-10 09:30')
    await view.find('form').trigger('submit')
    await flushPromises()
    expect(judging.calls.find((call) => call.method === 'judge.message')?.input).toMatchObject({
      policies: [{ name: 'Draft' }],
      at: '2026-03-10T09:30:00.000000Z',
      clicks: true,
    })
    // The policy in force is that of the time asked about; saved, the draft is no choice any more.
    expect(judging.calls.filter((call) => call.method === 'policy.get').at(-1)?.input).toMatchObject({
      at: '2026-03-10T09:30:00.000000Z',
    })
    editor.fresh = null
    await flushPromises()
    expect(useJudgeDraft().chosen).toBe('')
  })
})

describe('pattern packs', () => {
  it('open what was rejected: line, text and reason', async () => {
    const packs = fakeEngine({
      'pack.list': [{ ...aPackRow, rejected: 2 }],
      'pack.formats': [],
      'pack.rejected': [{ line: 6, text: 'nonsense <b>', isCut: false }],
    })
    const { role } = await mountView(PackPanel, { engine: packs })
    role('button', 'Show the rejected entries').click()
    await flushPromises()
    const text = document.querySelector('[role="dialog"]')?.textContent ?? ''
    for (const part of ['nonsense <b>', '6', 'No URL, host or address', 'The first 1 of 2'])
      expect(text).toContain(part)
  })
})

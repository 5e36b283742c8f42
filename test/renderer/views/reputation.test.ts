import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { InputOf } from '../../../core/contract/types.ts'
import RuleName from '../../../renderer/components/rule-name.vue'
import PackComparison from '../../../renderer/views/reputation/pack-comparison.vue'
import RetroPanel from '../../../renderer/views/reputation/retro-panel.vue'
import english from '../../../resources/locales/en.json' with { type: 'json' }
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const pack = {
  id: '1',
  name: 'list',
  version: '1',
  createdAt: '2026-03-01T00:00:00.000000Z',
  importedAt: '2026-03-01T00:00:00.000000Z',
  source: '',
  format: 'plain',
  sha256: 'ab',
  entries: 3,
  rejected: 0,
  levels: [],
  number: 1,
  isOn: true,
  isCurrent: true,
  replacedBy: null,
  precedence: 1,
}

describe('the retro scan', () => {
  it('asks for consent while the policy does not allow it, and stores when it was given', async () => {
    const engine = fakeEngine({
      'retro.list': [],
      'pack.list': [pack],
      'policy.get': {
        policy: { name: 'Default', retroScan: { enabled: false, consentAt: null } },
        isDefault: true,
      },
      'policy.set': { policy: {}, notes: [] },
    })
    const { view, role } = await mountView(RetroPanel, { engine })
    expect(role('button', 'Run the retro scan').hasAttribute('disabled')).toBe(true)
    expect(view.text()).toContain('somebody has to agree')
    role('button', 'Agree and switch it on').click()
    await flushPromises()
    expect(engine.calls.find((call) => call.method === 'policy.set')?.input).toMatchObject({
      policy: { name: 'Default', retroScan: { enabled: true, consentAt: expect.stringMatching(/^\d{4}-/u) } },
    })
  })

  it('shows what could not be asked instead of an empty tab', async () => {
    const gone = { code: 'host.gone', params: {} } as const
    const { view } = await mountView(RetroPanel, {
      engine: fakeEngine({ 'retro.list': gone, 'pack.list': gone, 'policy.get': gone }),
      engineTexts: { 'errors.host.gone': 'Not running' },
    })
    expect(view.findAll('[role="alert"]').map((one) => one.text())).toEqual(['Not running'])
  })

  it('says that a pack is needed first', async () => {
    const engine = fakeEngine({
      'retro.list': [],
      'pack.list': [],
      'policy.get': { policy: { retroScan: { enabled: true } }, isDefault: false },
    })
    const { view } = await mountView(RetroPanel, { engine })
    expect(view.text()).toContain('Add one first')
  })
})

describe('the comparison of two packs', () => {
  const difference = (pattern: string, urls: number) => ({
    kind: 'added' as const,
    pattern,
    scope: 'host' as const,
    from: null,
    to: { level: 'dangerous' as const, category: null, expiresAt: null },
    urls,
  })
  const counts = { from: 1, to: 3, same: 1, added: 2, removed: 0, changed: 0 }
  const packs = [pack, { ...pack, id: '2', number: 2, version: '2' }]
  const rows = [difference('stored.test', 2), difference('elsewhere.test', 0)]

  it('is narrowed to entries that touch stored URLs, and says when none does', async () => {
    const engine = fakeEngine({
      'pack.compare': ({ storedOnly, kind }: InputOf<'pack.compare'>) => {
        const found = kind === 'removed' ? [] : rows.filter((row) => storedOnly !== true || row.urls > 0)
        return { from: 'list@1', to: 'list@2', counts, rows: found, next: null, total: found.length }
      },
    })
    const { view } = await mountView(PackComparison, { engine, props: { packs } })
    expect(view.findAll('tbody tr')).toHaveLength(2)
    const filter = view.get('input[type=checkbox]')
    expect(filter.element.closest('label')?.textContent).toContain('Only entries that touch stored URLs')
    await filter.setValue(true)
    await flushPromises()
    expect(view.findAll('tbody tr').map((row) => row.find('.pattern').text())).toEqual(['stored[.]test'])
    await view.findAll('select').at(-1)?.setValue('removed')
    await flushPromises()
    expect(view.text()).toContain('No difference of this kind touches a stored URL.')
  })
})

describe('the name of a rule', () => {
  it('is what it says, with its number beside it and told of', async () => {
    const { view } = await mountView(RuleName, { props: { rule: 'W44' } })
    expect(view.text()).toBe('The URL is approved; approved beats blocked.W44')
    expect(view.get('.num').attributes('title')).toBe(
      'The URL is approved; approved beats blocked. Rule W44 of the product',
    )
  })

  it('is the number alone where nobody named it', async () => {
    const { view } = await mountView(RuleName, { props: { rule: 'W99' } })
    expect([view.text(), view.attributes('title')]).toEqual(['W99', 'Rule W99 of the product'])
  })

  it('stands in words for every rule that can decide', () => {
    const known = new Set(Object.keys(english))
    const said = ['W12', 'W13', 'W20', 'W30', 'W31', 'W32', 'W38', 'W42', 'W43', 'W44', 'W52', 'W57', 'W71']
    expect(said.filter((rule) => !known.has(`policy.rule.${rule}`))).toEqual([])
  })
})

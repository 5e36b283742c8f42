import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import RetroPanel from '../../../renderer/views/reputation/retro-panel.vue'
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

import { describe, expect, it } from 'vitest'
import RetroNothing from '../../../renderer/views/reputation/retro-nothing.vue'
import { mountView } from '../mount-view.ts'

const run = (packsThen: string[], packsNow: string[], turned: object[] = []) => ({
  run: { packsThen, packsNow },
  counts: { judged: 3 },
  ...{ turned, newlyMatching: [], noLongerMatching: [] },
})
const said = async (given: ReturnType<typeof run>): Promise<string> =>
  (await mountView(RetroNothing, { props: { run: given } })).view.text()

describe('a retro scan that changed nothing', () => {
  it('says so in one sentence', async () => {
    const text = await said(run(['feed@1'], ['feed@1', 'feed@2']))
    expect(text).toContain('the 3 URLs that were judged are rated today as they were')
    expect(text).not.toContain('packs')
  })
  it('says why nothing could turn when both sides had the same packs', async () => {
    expect(await said(run(['feed@1'], ['feed@1']))).toContain('add a pack that was made after the mail came')
  })
  it('says nothing where something turned', async () => {
    expect(await said(run(['feed@1'], ['feed@2'], [{}]))).toBe('')
  })
})

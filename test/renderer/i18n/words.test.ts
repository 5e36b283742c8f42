import { defineComponent, h } from 'vue'
import { describe, expect, it } from 'vitest'
import { useWords } from '../../../renderer/i18n/use-words.ts'
import ErrorNote from '../../../renderer/components/error-note.vue'
import { errorTexts } from '../../../core/locale/errors.texts.ts'
import { withPrefix } from '../../../core/locale/format.ts'
import { reasonTexts } from '../../../core/locale/reason.texts.ts'
import type { PlainError } from '../../../core/model/errors.ts'
import { mountView } from '../mount-view.ts'

const said = async (params: Record<string, string>): Promise<string> => {
  const Sentence = defineComponent(() => {
    const { say } = useWords()
    return () => h('p', say({ key: 'entity.since', params }))
  })
  return (await mountView(Sentence)).view.text()
}
const told = async (error: PlainError): Promise<string> => {
  const Note = defineComponent(() => () => h(ErrorNote, { error }))
  const engineTexts = {
    ...withPrefix('errors', errorTexts, 'en'),
    ...withPrefix('reason', reasonTexts, 'en'),
  }
  return (await mountView(Note, { engineTexts })).view.text()
}

describe('the parameters of a message', () => {
  it('are times in the zone of the case, not as the engine writes them', async () => {
    expect(await said({ time: '2021-06-12T01:08:17.385Z' })).toBe('since 2021-06-12 01:08:17')
    expect(await said({ time: '2021-06-12 and later' })).toBe('since 2021-06-12 and later')
  })

  it('never obey what evidence hides in them', async () => {
    expect(await said({ time: 'ab\u202Efdp' })).toBe('since ab<U+202E>fdp')
  })
})

describe('an error on screen', () => {
  it('says what the system said of a file in words, as the command line does', async () => {
    const refused = (reason: string): Promise<string> =>
      told({ code: 'evidence.unreadable', params: { name: 'a.evtx', reason } })
    expect(await refused('EACCES')).toContain('"a.evtx" cannot be read (no permission).')
    expect(await refused('EXOTIC')).toContain('(EXOTIC)')
  })

  it('of a defect names the entry of the log only where there is one', async () => {
    const log = 'redthread.log'
    expect(await told({ code: 'internal', params: { name: 'TypeError', log: 'ab12' } })).toContain(
      `ab12 of the log (${log})`,
    )
    const text = await told({ code: 'internal', params: { name: 'TypeError' } })
    expect(text).toContain('(TypeError)')
    expect(text).not.toMatch(/log|\{/u)
  })
})

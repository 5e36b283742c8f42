import { describe, expect, it } from 'vitest'
import MappingFields from '../../../renderer/frame/mapping/mapping-fields.vue'
import MappingTime from '../../../renderer/frame/mapping/mapping-time.vue'
import { mountView } from '../mount-view.ts'

/** Turns what follows it around: `ab\u202Efdp.exe` would read `abexe.pdf`, and its neighbours with it. */
const OVERRIDE = '\u202E'
const columns = [{ name: `when${OVERRIDE}`, examples: [`ab${OVERRIDE}fdp.exe`, 'next'] }]
const modelValue = {
  kind: 'generic',
  fields: { [`when${OVERRIDE}`]: `when${OVERRIDE}` },
  constants: {},
  time: null,
}

describe('the mapping dialog', () => {
  it('names a character that turns text around, wherever it shows the file', async () => {
    const fields = await mountView(MappingFields, { props: { columns, targets: [], modelValue } })
    const time = await mountView(MappingTime, { props: { columns, modelValue } })
    for (const { view } of [fields, time]) {
      // The value of an option is what is stored, and nobody reads it.
      const shown = view.html().replaceAll(/ value="[^"]*"/gu, '')
      expect(shown).not.toContain(OVERRIDE)
      expect(shown).toContain('U+202E')
    }
    expect(fields.view.find('.examples').text()).toContain('next')
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wordsOrder } from '../../../core/events/words-order.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

describe('the order of names', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
    for (const host of ['zoe', 'ärne', 'anna', 'pc10', 'pc9'])
      await bench.import(bench.file(`${host}.json`, windowsLines(2, `${host}.corp.example`)))
    await bench.client.run('correlation.run', {})
  })
  afterEach(() => bench.close())

  const endpoints = async (lang: string | null, more: object = {}): Promise<string[]> => {
    const sort = [{ by: 'endpoint', descending: false }]
    const { rows } = await bench.client.call('event.search', { sort, lang, limit: 50, ...more })
    return [...new Set(rows.map((row) => row.endpoint?.name.toLowerCase() ?? ''))]
  }

  it('is that of the reader’s language, with numbers as numbers, also where a search narrows the events', async () => {
    for (const more of [{}, { text: 'corp.example' }]) {
      expect(await endpoints('sv', more)).toEqual(['anna', 'pc9', 'pc10', 'zoe', 'ärne'])
      expect(await endpoints('en', more)).toEqual(['anna', 'ärne', 'pc9', 'pc10', 'zoe'])
      expect(await endpoints(null, more)).toEqual(await endpoints('en', more))
    }
  })

  it('changes with the case, and takes no nonsense for a language', async () => {
    await endpoints('en')
    await bench.import(bench.file('b.json', windowsLines(2, 'berta.corp.example')))
    await bench.client.run('correlation.run', {})
    expect(await endpoints('en')).toContain('berta')
    expect(wordsOrder('no_such-language-!').resolvedOptions().locale).toBe('en')
    expect(['漢', '一'].sort(wordsOrder('zh-TW').compare)).toEqual(['一', '漢'])
  })
})

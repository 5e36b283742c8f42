import { describe, expect, it } from 'vitest'
import { describeProgress } from '../../../core/hosts/cli/job.ts'
import { createWords } from '../../../core/hosts/cli/words.ts'

const event = {
  type: 'job.progress',
  jobId: 'j',
  method: 'evidence.import',
  progress: 0.463,
  eta: 4_000,
  step: { key: 'job.importing', params: { name: 'a.evtx' } },
  counters: { files: 3, filesTotal: 200, bytes: 18_350_080, totalBytes: 4_000_000_000, records: 34_567 },
} as const

describe('the progress line of the terminal', () => {
  it.each([
    ['en', '46 %  about 1 h 07 min left  Importing a.evtx  file 3 of 200  18.4 / 4,000 MB  34567 records'],
    [
      'zh-TW',
      '46 %  約剩 1 h 07 min  正在匯入 a.evtx  第 3 個檔案，共 200 個  18.4 / 4,000 MB  34567 筆紀錄',
    ],
    ['ja', '46 %  残り約 1 h 07 min  a.evtx を取り込み中  200 ファイル中 3  18.4 / 4,000 MB  34567 レコード'],
  ])('says in words how far, how long still, and of what: %s', (lang, line) => {
    const engine =
      { en: 'Importing {name}', 'zh-TW': '正在匯入 {name}', ja: '{name} を取り込み中' }[lang] ?? ''
    expect(describeProgress(event, { lang, t: createWords(lang, { 'job.importing': engine }) })).toBe(line)
  })

  it('leaves out what is not known', () => {
    const bare = { ...event, progress: null, eta: null, step: null, counters: {} }
    expect(describeProgress(bare, { lang: 'en', t: createWords('en') })).toBe('...')
  })
})

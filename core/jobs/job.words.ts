import type { Words } from '../model/words.ts'

/** Steps of running jobs, shown beside the progress. */
const words: Words = {
  prefix: 'job',
  texts: {
    en: {
      importing: 'Importing {name}',
      correlating: 'Correlating: {rule}',
    },
    'zh-TW': {
      importing: '正在匯入 {name}',
      correlating: '正在關聯：{rule}',
    },
    ja: {
      importing: '{name} を取り込み中',
      correlating: '相関分析中：{rule}',
    },
  },
}
export default words

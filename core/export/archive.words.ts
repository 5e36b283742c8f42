import type { Words } from '../model/words.ts'

/** Steps of writing an archive. */
const words: Words = {
  prefix: 'archive',
  texts: {
    en: {
      'step.copying': 'Copying the case',
      'step.hashing': 'Hashing the content',
      'step.searching': 'Looking for the originals',
      'step.packing': 'Packing',
    },
    'zh-TW': {
      'step.copying': '正在複製案件',
      'step.hashing': '正在計算內容雜湊值',
      'step.searching': '正在尋找原始檔案',
      'step.packing': '正在封裝',
    },
    ja: {
      'step.copying': 'ケースをコピーしています',
      'step.hashing': '内容のハッシュを計算しています',
      'step.searching': '原本を探しています',
      'step.packing': '梱包しています',
    },
  },
}
export default words

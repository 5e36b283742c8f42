import type { Exporter } from './exporter.ts'
import { indicatorTexts, quietValue } from './indicators.ts'
import { indicatorPages } from './rows/indicators.ts'
import { flatText } from './text/safe-text.ts'

export default {
  id: 'indicators-plain',
  extension: 'txt',
  mediaType: 'text/plain',
  reads: ['indicators'],
  addresses: 'choice',
  takesSpan: false,
  texts: {
    en: {
      title: 'Indicators (plain text)',
      description: 'One value per line, nothing else: for block lists and search boxes.',
      left: indicatorTexts.left.en,
    },
    'zh-TW': {
      title: '指標（純文字）',
      description: '每行一個值，別無其他內容：供封鎖清單與搜尋使用。',
      left: indicatorTexts.left['zh-TW'],
    },
    ja: {
      title: 'インジケーター（テキスト）',
      description: '1 行に値を 1 つだけ書き出します。ブロックリストや検索欄向けです。',
      left: indicatorTexts.left.ja,
    },
  },
  async *write(source) {
    for await (const page of indicatorPages(source))
      for (const one of page) yield `${flatText(quietValue(one, source.isLive))}\n`
  },
} satisfies Exporter

import type { Section } from '../section.ts'

export default {
  id: 'contents',
  order: 15,
  layout: 'contents',
  collects: true,
  options: [
    { id: 'parts', kind: 'flag', default: true },
    { id: 'figures', kind: 'flag', default: true },
  ],
  texts: {
    en: {
      title: 'Contents',
      description: 'The list of sections and figures.',
      'option.parts': 'Name the parts of the appendices',
      'option.figures': 'List the figures',
    },
    'zh-TW': {
      title: '目錄',
      description: '章節與圖的清單。',
      'option.parts': '列出附錄的各部分',
      'option.figures': '列出圖目錄',
    },
    ja: {
      title: '目次',
      description: '章と図の一覧。',
      'option.parts': '付録の各部を載せる',
      'option.figures': '図の一覧を載せる',
    },
  },
  build: ({ flag }) =>
    Promise.resolve([{ block: 'contents', parts: flag('parts'), figures: flag('figures') }]),
} satisfies Section

import type { Section } from '../section.ts'

export default {
  id: 'contents',
  order: 15,
  layout: 'contents',
  collects: true,
  texts: {
    en: { title: 'Contents', description: 'The list of sections.' },
    'zh-TW': { title: '目錄', description: '各章節清單。' },
    ja: { title: '目次', description: '各章の一覧。' },
  },
  build: () => Promise.resolve([{ block: 'contents' }]),
} satisfies Section

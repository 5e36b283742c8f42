import type { Template } from './template.ts'

export default {
  id: 'full',
  order: 10,
  texts: {
    en: { title: 'Full report', description: 'Every section and all appendices.' },
    'zh-TW': { title: '完整報告', description: '所有章節與全部附錄。' },
    ja: { title: '完全な報告書', description: 'すべての章と付録。' },
  },
  sections: null,
  options: {},
} satisfies Template

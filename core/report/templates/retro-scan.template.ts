import type { Template } from './template.ts'

export default {
  id: 'retro-scan',
  order: 40,
  texts: {
    en: {
      title: 'Retro scan',
      description: 'What newer patterns say of old mail: packs compared, flips, exposure, plan.',
    },
    'zh-TW': {
      title: '回溯掃描',
      description: '較新的特徵碼對舊郵件的判定：套件比較、判定變化、受影響情形與計畫。',
    },
    ja: {
      title: 'レトロスキャン',
      description: '新しいパターンによる過去のメールの判定：パックの比較、判定の変化、影響、計画。',
    },
  },
  sections: [
    'cover',
    'contents',
    'document-control',
    'scope',
    'evidence',
    'retro-scan',
    'affected',
    'indicators',
    'plan',
    'limitations',
    'examiner',
    'appendices',
    'raw-records',
    'queries',
    'glossary',
    'hash-manifest',
  ],
  options: {},
} satisfies Template

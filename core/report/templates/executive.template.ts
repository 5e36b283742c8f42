import type { Template } from './template.ts'

export default {
  id: 'executive',
  order: 20,
  texts: {
    en: {
      title: 'Executive report',
      description:
        'For those who decide: summary, findings, who is affected, what must be done, what is not known.',
    },
    'zh-TW': {
      title: '主管報告',
      description: '供決策者閱讀：摘要、發現、受影響對象、應採取的行動，以及尚不清楚之處。',
    },
    ja: {
      title: 'エグゼクティブ向け報告書',
      description: '意思決定者向け：要約、所見、影響を受けた対象、必要な対応、不明な点。',
    },
  },
  sections: [
    'cover',
    'summary',
    'findings',
    'affected',
    'plan',
    'limitations',
    'document-control',
    'examiner',
    'appendices',
    'raw-records',
    'glossary',
  ],
  // Who decides reads ten pages, not forty: records are named, few are printed.
  options: {
    summary: { findings: 5 },
    findings: { count: 3, claims: 8, alternatives: false, detections: false },
    affected: { who: 'acted', rows: 40 },
    plan: { rows: 25 },
    limitations: { endpoints: 20 },
    'document-control': { rules: false },
    'raw-records': { records: 40, characters: 1200 },
    glossary: { terms: 'used' },
  },
} satisfies Template

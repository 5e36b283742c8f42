import type { Template } from './template.ts'

export default {
  id: 'mail-incident',
  order: 30,
  texts: {
    en: {
      title: 'Mail incident',
      description:
        'How a message came in, who received, opened, followed and ran what, and what is to be removed.',
    },
    'zh-TW': {
      title: '郵件事件',
      description: '郵件如何進入，誰收到、開啟、點擊並執行了什麼，以及應移除的內容。',
    },
    ja: {
      title: 'メールインシデント',
      description: 'メールがどう届き、誰が受信・開封・クリック・実行したか、何を除去すべきか。',
    },
  },
  sections: [
    'cover',
    'contents',
    'document-control',
    'summary',
    'scope',
    'evidence',
    'mail-vector',
    'affected',
    'narrative',
    'timeline',
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

import type { Section } from '../section.ts'

/** The heading over the parts of the appendix: each part is picked and set by itself, so there is nothing to set here. */
export default {
  id: 'appendices',
  order: 190,
  layout: 'page',
  texts: {
    en: {
      title: 'Appendices',
      description:
        'What the statements rest on, in full: records, questions, rejected records, words, hashes.',
      intro: 'What the sections above rest on, so that anybody with the evidence can check each statement.',
    },
    'zh-TW': {
      title: '附錄',
      description: '各項陳述的完整依據：紀錄、查詢、拒收的紀錄、名詞與雜湊值。',
      intro: '以上各節的依據；持有證據者均可據以核對每一項陳述。',
    },
    ja: {
      title: '付録',
      description: '記述の根拠の全体：レコード、問い合わせ、拒否したレコード、用語、ハッシュ。',
      intro: '以上の各章の根拠です。証拠を持つ誰もが各記述を確かめられます。',
    },
  },
  build: ({ words }) => Promise.resolve([{ block: 'paragraph', text: [words('intro')], look: 'note' }]),
} satisfies Section

import type { Block } from '../document.ts'
import type { Section } from '../section.ts'

/** Pairs of lines to sign on. */
const MAX_SIGNERS = 6

export default {
  id: 'examiner',
  order: 180,
  options: [
    { id: 'signers', kind: 'number', default: 1, min: 1, max: MAX_SIGNERS },
    { id: 'declaration', kind: 'flag', default: true },
  ],
  texts: {
    en: {
      title: 'Examiner’s statement and signature',
      description: 'What the examiner stands for, and lines to sign on.',
      'option.signers': 'Signatures',
      'option.declaration': 'Print the declaration',
      authors: 'This report was written by: {authors}.',
      'declare.facts':
        'Facts in this report are those of the records cited; interpretations are named as such.',
      'declare.untouched': 'The evidence was opened read-only. Its hashes stand in the appendix.',
      'declare.complete':
        'Gaps and limits that are known to me are listed in the report. I left out nothing that would change its conclusions.',
      'declare.tool':
        'The figures, tables and sentences were made by the tool named under document control; text marked as the analyst’s was written by me.',
      name: 'Name',
      function: 'Function, organisation',
      place: 'Place, date',
      sign: 'Signature',
      machine:
        'A signature of the accompanying manifest (Ed25519), where there is one, binds this report to its bytes; “redthread verify” checks it.',
    },
    'zh-TW': {
      title: '鑑識人員聲明與簽署',
      description: '鑑識人員所負責的內容，以及簽署欄位。',
      'option.signers': '簽署人數',
      'option.declaration': '列印聲明',
      authors: '本報告由以下人員撰寫：{authors}。',
      'declare.facts': '本報告中的事實以所引用的紀錄為準；解讀均已標明。',
      'declare.untouched': '證據以唯讀方式開啟，其雜湊值列於附錄。',
      'declare.complete': '本人所知的缺口與限制均列於報告中，並未略去任何會改變結論的內容。',
      'declare.tool': '圖、表與語句由「文件控管」一節所載的工具產生；標示為分析師撰寫的文字由本人撰寫。',
      name: '姓名',
      function: '職稱、單位',
      place: '地點、日期',
      sign: '簽名',
      machine:
        '若附有資訊清單（manifest）的簽章（Ed25519），即可將本報告與其位元組相繫；可用「redthread verify」核對。',
    },
    ja: {
      title: '調査者の宣言と署名',
      description: '調査者が責任を負う内容と署名欄。',
      'option.signers': '署名の数',
      'option.declaration': '宣言文を印刷する',
      authors: '本報告書の作成者：{authors}。',
      'declare.facts': '本報告書の事実は引用したレコードによるものであり、解釈はその旨を示しています。',
      'declare.untouched': '証拠は読み取り専用で開きました。ハッシュ値は付録にあります。',
      'declare.complete': '把握している欠落と制約はすべて記載しており、結論を変える事項を省いていません。',
      'declare.tool':
        '図、表、文は「文書管理」に示すツールが作成しました。分析者による記述と示した文章は私が書いたものです。',
      name: '氏名',
      function: '役職・所属',
      place: '場所・日付',
      sign: '署名',
      machine:
        'マニフェストに署名（Ed25519）がある場合、それが本報告書をそのバイト列に結び付けます。「redthread verify」で検証できます。',
    },
  },
  build({ words, settings, count, flag }) {
    const authors = settings.authors.trim()
    const signer = ['name', 'function', 'place', 'sign'].map((key) => words(key))
    const blocks: Block[] = [
      ...(authors === '' ? [] : [{ block: 'paragraph' as const, text: [words('authors', { authors })] }]),
      ...(flag('declaration')
        ? [
            {
              block: 'list' as const,
              items: ['facts', 'untouched', 'complete', 'tool'].map((key) => [words(`declare.${key}`)]),
            },
          ]
        : []),
      ...Array.from({ length: count('signers') }, (): Block => ({ block: 'signature', lines: signer })),
      { block: 'paragraph', text: [words('machine')], look: 'note' },
    ]
    return Promise.resolve(blocks)
  },
} satisfies Section

import { lineBreak, joinLines, number, outside, type Block, type Line } from '../document.ts'
import { listCustody } from '../facts/custody.ts'
import { findLastRetro } from '../facts/retro.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'

export default {
  id: 'document-control',
  order: 20,
  options: [
    { id: 'rules', kind: 'flag', default: true },
    { id: 'check', kind: 'flag', default: true },
  ],
  texts: {
    en: {
      title: 'Document control',
      description: 'Tool, schema, rules and packs behind this report, and how to check that it is unchanged.',
      'option.rules': 'Name every correlation rule (else only their number)',
      'option.check': 'Explain how to check the fingerprint',
      tool: 'Redthread version',
      schema: 'Case schema',
      caseId: 'Case id',
      created: 'Case created',
      zone: 'Times printed in',
      packs: 'Pattern packs',
      pack: '{number}. {name}, version {version}, of {createdAt}, entries: {entries}',
      packUndated:
        '{number}. {name}, version {version}, entries: {entries}; when it was made is not stated, the time of its import is taken ({createdAt})',
      policy: 'Policy of the last retro scan',
      rules: 'Correlation rules',
      made: 'Entries of ‘analyst’',
      madeBy: 'The entries ‘analyst’ of the chain of custody were made by: {authors}.',
      madeByNobody:
        'The tool does not know the name of the person who used it: it asks for no sign-in. Name the authors in the settings of the report to have them stand here.',
      head: 'Audit head',
      fingerprint: 'Report fingerprint',
      check:
        'To check the fingerprint: take this report as HTML, write the fingerprint inside it as 64 zeros, and compute the SHA-256 of the text from {start} to {end}. Its first 16 characters stand on every page. The audit head anchors the chain of custody: entries cut off the end of the audit log of the case would show against it.',
    },
    'zh-TW': {
      title: '文件控管',
      description: '本報告所依據的工具、結構描述、規則與特徵碼套件，以及確認報告未遭更動的方法。',
      'option.rules': '列出每一條關聯規則（否則僅列數量）',
      'option.check': '說明如何核對指紋',
      tool: 'Redthread 版本',
      schema: '案件結構描述',
      caseId: '案件識別碼',
      created: '案件建立時間',
      zone: '時間所用時區',
      packs: '特徵碼套件',
      pack: '{number}. {name}，版本 {version}，建立於 {createdAt}，共 {entries} 筆',
      packUndated:
        '{number}. {name}，版本 {version}，共 {entries} 筆；未載明建立時間，以匯入時間為準（{createdAt}）',
      policy: '最近一次回溯掃描的政策',
      rules: '關聯規則',
      made: '「analyst」的紀錄',
      madeBy: '監管鏈中標為「analyst」的紀錄由以下人員所為：{authors}。',
      madeByNobody: '工具不知道使用者的姓名：使用時不需登入。在報告設定中填寫撰寫人，即會列於此處。',
      head: '稽核鏈末端',
      fingerprint: '報告指紋',
      check:
        '核對指紋的方法：取得本報告的 HTML 檔，將其中的指紋改寫為 64 個零，再計算 {start} 至 {end} 之間文字的 SHA-256。指紋的前 16 個字元印於每一頁。稽核鏈末端為監管鏈的錨點：若案件稽核記錄的尾端遭刪除，與此值比對即可察覺。',
    },
    ja: {
      title: '文書管理',
      description: '本報告書の根拠となるツール、スキーマ、ルール、パックと、改変がないことの確認方法。',
      'option.rules': '相関ルールをすべて挙げる（挙げない場合は件数のみ）',
      'option.check': 'フィンガープリントの確認方法を説明する',
      tool: 'Redthread のバージョン',
      schema: 'ケースのスキーマ',
      caseId: 'ケース ID',
      created: 'ケースの作成日時',
      zone: '表示に使うタイムゾーン',
      packs: 'パターンパック',
      pack: '{number}. {name}、バージョン {version}、{createdAt} 作成、{entries} 件',
      packUndated:
        '{number}. {name}、バージョン {version}、{entries} 件。作成日時の記載なし、取り込み日時（{createdAt}）とみなす',
      policy: '直近のレトロスキャンのポリシー',
      rules: '相関ルール',
      made: '「analyst」の項目',
      madeBy: '証拠管理記録の「analyst」の項目を行った者：{authors}。',
      madeByNobody:
        'ツールは利用者の氏名を知りません（サインインを求めません）。報告書の設定で作成者を指定すると、ここに記載されます。',
      head: '監査チェーンの末尾',
      fingerprint: '報告書のフィンガープリント',
      check:
        'フィンガープリントの確認方法：本報告書の HTML を用意し、含まれるフィンガープリントを 64 個のゼロに書き換え、{start} から {end} までのテキストの SHA-256 を計算します。先頭の 16 文字は各ページに印字されています。監査チェーンの末尾は証拠管理記録の錨となり、ケースの監査ログの末尾が切り取られた場合、この値との照合で判明します。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { case: info, words, time, ask, flag } = context
    const [packs, rules, custody, retro] = await Promise.all([
      ask('pack.list', {}),
      ask('rule.list', {}),
      listCustody(context),
      findLastRetro(context),
    ])
    const packLines = packs.map((pack): Line => [
      words(pack.createdAt === pack.importedAt ? 'packUndated' : 'pack', {
        number: pack.number,
        name: pack.name,
        version: pack.version,
        createdAt: time(pack.createdAt, 'minute'),
        entries: pack.entries,
      }),
      lineBreak,
      outside(pack.sha256, 'mono'),
    ])
    const none: Line = [shared('none')]
    const check: Block = {
      block: 'paragraph',
      text: [words('check', { start: '<main', end: '</main>' })],
      look: 'note',
    }
    const authors = context.settings.authors.trim()
    return [
      {
        block: 'pairs',
        rows: [
          { label: words('tool'), value: [outside(info.toolVersion)] },
          { label: words('schema'), value: [outside(String(info.schemaVersion))] },
          { label: words('caseId'), value: [outside(info.caseId, 'mono')] },
          { label: words('created'), value: [outside(time(info.createdAt))] },
          { label: words('zone'), value: [outside(info.zone)] },
          { label: words('packs'), value: packLines.length === 0 ? none : joinLines(packLines, lineBreak) },
          { label: words('policy'), value: retro ? [outside(retro.run.policy)] : none },
          {
            label: words('rules'),
            value:
              rules.length === 0
                ? none
                : flag('rules')
                  ? [outside(rules.map((rule) => rule.id).join(', '))]
                  : [number(rules.length)],
          },
          {
            label: words('made'),
            value: [authors === '' ? words('madeByNobody') : words('madeBy', { authors })],
          },
          { label: words('head'), value: [outside(custody.at(-1)?.hash ?? info.auditHead, 'mono')] },
          { label: words('fingerprint'), value: [{ kind: 'fingerprint' }] },
        ],
      },
      ...(flag('check') ? [check] : []),
    ]
  },
} satisfies Section

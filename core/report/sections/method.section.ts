import type { ReportContext } from '../context.ts'
import { lineBreak, outside, type Block, type Line } from '../document.ts'
import type { Section } from '../section.ts'

/** Rules printed with their descriptions. */
const MAX_RULES = 200

export default {
  id: 'method',
  order: 70,
  options: [{ id: 'rules', kind: 'flag', default: true }],
  texts: {
    en: {
      title: 'Method',
      description:
        'How records became statements: reading, who is who, time, skew, rules, confidence, limits.',
      'option.rules': 'List every correlation rule with what it cannot tell apart',
      reading: 'Reading',
      'reading.text':
        'Every file was opened read-only and hashed while it was read. A record that could not be read is kept as an issue. The raw text of every record stays in the case beside what was read from it.',
      identity: 'Who is who',
      'identity.text':
        'Names are joined into one user, endpoint or mailbox when a record states them together: a security identifier with an account name, a sign-in name with a mail address, a host name with its full name. Names that only look alike are never joined.',
      'identity.merged':
        'The analyst joined names of {count} entity. | The analyst joined names of {count} entities.',
      'identity.apart':
        'The analyst looked at {count} pair of alike names and keeps it apart. | The analyst looked at {count} pairs of alike names and keeps them apart.',
      'identity.split':
        'The analyst split names off {count} entity. | The analyst split names off {count} entities.',
      time: 'Time',
      'time.text':
        'Times are kept to the microsecond in UTC and printed in {zone}. The original text of each time stands in its record. Times are those that the sources wrote: clocks of machines may differ.',
      'time.known': 'Sources that state their zone: {count}.',
      'time.assumed': 'Without a zone in the source; {zone} was assumed:',
      'time.undated': 'Events without a usable time, in no timeline: {count}.',
      'time.skew':
        'No recorded time was changed. A clock that two machines’ records of the same thing show to be off is named under the limitations, and paths are ordered by the right time; elsewhere, where two machines disagree, the order of close events is uncertain.',
      rules: 'Rules',
      'rules.text':
        'Relations and findings were made by {count} fixed rules that run alike on every case. A path is followed only where times never go back.',
      rule: 'Rule and what it says',
      falsePositives: 'What else it could be',
      noRules: 'No rule has run.',
      confidence: 'Confidence',
      'confidence.text':
        'Confidence is a number from 0 to 1 given by the rule to how sure a relation is; that of a path is that of its steps together. In words: very high from 0.90, high from 0.70, moderate from 0.50, else low. It measures how well records fit, not how likely an intent is.',
      fact: 'Fact and interpretation',
      'fact.text':
        'A fact is what a record states. An interpretation follows from records and could be otherwise. Findings keep the two apart. Text of the analyst is marked as such.',
      reputation: 'Reputation',
      'reputation.text':
        'Risk levels come from the pattern packs loaded at the time stated. The tool asks no service outside and sends nothing anywhere.',
    },
    'zh-TW': {
      title: '方法',
      description: '紀錄如何成為陳述：讀取、身分對應、時間、時鐘差、規則、可信度與限制。',
      'option.rules': '列出每一條關聯規則及其無法區分的情形',
      reading: '讀取',
      'reading.text':
        '每個檔案均以唯讀方式開啟，並於讀取時計算雜湊值。無法讀取的紀錄保存為問題。每筆紀錄的原始文字與讀出的內容並存於案件中。',
      identity: '身分對應',
      'identity.text':
        '僅當紀錄同時載明多個名稱時，才視為同一使用者、端點或信箱：例如安全性識別碼與帳號名稱、登入名稱與電子郵件地址、主機名稱與其完整名稱。僅僅相似的名稱絕不合併。',
      'identity.merged': '分析師合併了 {count} 個實體的名稱。',
      'identity.apart': '分析師檢視了 {count} 組相似的名稱，視為不同的對象。',
      'identity.split': '分析師自 {count} 個實體拆分出名稱。',
      time: '時間',
      'time.text':
        '時間以 UTC 保存至微秒，並以 {zone} 列印。每個時間的原始文字見於其紀錄。時間為來源所寫；各機器的時鐘可能有差異。',
      'time.known': '載明時區的來源：{count} 個。',
      'time.assumed': '來源未載明時區，假定為 {zone}：',
      'time.undated': '沒有可用時間、未列入任何時間軸的事件：{count} 筆。',
      'time.skew':
        '未更改任何記錄的時間。若兩台機器對同一事件的紀錄顯示某時鐘有偏差，會列於限制一節，路徑並依正確時間排序；其他情形下，兩台機器時間不一致時，相近事件的先後並不確定。',
      rules: '規則',
      'rules.text': '關聯與發現由 {count} 條固定規則產生，對每個案件一律相同。僅在時間不倒退之處沿路徑追查。',
      rule: '規則及其說明',
      falsePositives: '其他可能的解釋',
      noRules: '尚未執行任何規則。',
      confidence: '可信度',
      'confidence.text':
        '可信度為規則對關聯確定程度給予的 0 至 1 的數值；路徑的可信度由其各步驟合成。以文字表示：0.90 以上為極高，0.70 以上為高，0.50 以上為中，其餘為低。它衡量紀錄吻合的程度，而非意圖的可能性。',
      fact: '事實與解讀',
      'fact.text':
        '事實是紀錄所載；解讀由紀錄推得，也可能另有解釋。發現一節將兩者分開。分析師的文字均有標示。',
      reputation: '信譽',
      'reputation.text': '風險等級來自所述時間已載入的特徵碼套件。工具不查詢任何外部服務，也不傳送任何資料。',
    },
    ja: {
      title: '方法',
      description:
        'レコードがどのように記述になったか：読み取り、同一性、日時、時計のずれ、ルール、信頼度、限界。',
      'option.rules': '各相関ルールと、区別できない事情を一覧にする',
      reading: '読み取り',
      'reading.text':
        'すべてのファイルを読み取り専用で開き、読み取りながらハッシュを計算しました。読めないレコードは問題として残しています。各レコードの原文は、読み取った内容とともにケースに保持されます。',
      identity: '同一性',
      'identity.text':
        'レコードが複数の名前を同時に示す場合にのみ、同じユーザー・エンドポイント・メールボックスとします（セキュリティ識別子とアカウント名、サインイン名とメールアドレス、ホスト名と完全名など）。似ているだけの名前は結び付けません。',
      'identity.merged': '分析者は {count} 個のエンティティの名前を統合しました。',
      'identity.apart': '分析者は似た名前の組を {count} 組確認し、別のものとしました。',
      'identity.split': '分析者は {count} 個のエンティティから名前を分離しました。',
      time: '日時',
      'time.text':
        '日時は UTC でマイクロ秒まで保持し、{zone} で印刷します。各日時の原文はレコードにあります。日時は記録元のものであり、機器の時計はずれていることがあります。',
      'time.known': 'タイムゾーンが明記された記録元：{count} 件。',
      'time.assumed': '記録元にタイムゾーンがなく、{zone} と仮定したもの：',
      'time.undated': '使える日時がなくタイムラインに現れないイベント：{count} 件。',
      'time.skew':
        '記録された日時は変更していません。2 台の機器が同じ事象を記録した内容から時計のずれが分かった場合は「制約と欠落」に示し、経路は正しい日時の順に並べています。それ以外で機器間の時計が食い違う場合、近接したイベントの前後関係は不確かです。',
      rules: 'ルール',
      'rules.text':
        '関係と所見は、どのケースにも同じように働く {count} 個の固定ルールによります。経路は日時が戻らない場合にのみたどります。',
      rule: 'ルールとその内容',
      falsePositives: 'ほかに考えられる説明',
      noRules: '実行されたルールはありません。',
      confidence: '信頼度',
      'confidence.text':
        '信頼度は関係の確かさとしてルールが与える 0 から 1 の値で、経路の値は各段階を合わせたものです。語では 0.90 以上が「非常に高い」、0.70 以上が「高い」、0.50 以上が「中程度」、それ未満が「低い」です。レコードの整合を測るものであり、意図の確からしさではありません。',
      fact: '事実と解釈',
      'fact.text':
        '事実はレコードが示すことです。解釈はレコードから導かれ、別の説明もあり得ます。所見では両者を分けて示します。分析者の文章にはその旨を示します。',
      reputation: 'レピュテーション',
      'reputation.text':
        '評価は、示された時点で読み込まれていたパターンパックによります。ツールは外部に問い合わせず、何も送信しません。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { words, flag, ask } = context
    const rules = await ask('rule.list', {})
    const part = (key: string, lines: readonly Line[]): readonly Block[] => [
      { block: 'heading', text: [words(key)] },
      ...lines.map((text): Block => ({ block: 'paragraph', text })),
    ]
    return [
      ...part('reading', [[words('reading.text')]]),
      ...part('identity', [[words('identity.text')], ...(await decisions(context))]),
      ...part('time', await timeBasis(context)),
      ...part('rules', [[words('rules.text', { count: rules.length })]]),
      ...(flag('rules') ? [await ruleTable(context)] : []),
      ...part('confidence', [[words('confidence.text')]]),
      ...part('fact', [[words('fact.text')]]),
      ...part('reputation', [[words('reputation.text')]]),
    ]
  },
} satisfies Section

async function decisions({ ask, words }: ReportContext): Promise<readonly Line[]> {
  const all = (await ask('identity.decisions', {})).filter(({ undoneAt }) => undoneAt === null)
  const of = (kind: (typeof all)[number]['kind'], key: string): readonly Line[] => {
    const count = all.filter((decision) => decision.kind === kind).length
    return count === 0 ? [] : [[words(key, { count })]]
  }
  return [
    ...of('merge', 'identity.merged'),
    ...of('split', 'identity.split'),
    ...of('apart', 'identity.apart'),
  ]
}

async function timeBasis({ ask, words, case: info }: ReportContext): Promise<readonly Line[]> {
  const [items, histogram] = await Promise.all([
    ask('evidence.list', {}),
    ask('event.histogram', { buckets: 10 }),
  ])
  const zones = [...new Set(items.filter(({ zoneAssumed }) => zoneAssumed).map(({ zone }) => zone))].sort()
  return [
    [words('time.text', { zone: info.zone })],
    [words('time.known', { count: items.filter(({ zoneAssumed }) => !zoneAssumed).length })],
    ...zones.map((zone): Line => [
      words('time.assumed', { zone }),
      ...items
        .filter((item) => item.zoneAssumed && item.zone === zone)
        .map(({ id }) => ({ kind: 'cite' as const, ref: `E${id}` })),
    ]),
    ...(histogram.undated > 0 ? [[words('time.undated', { count: histogram.undated })]] : []),
    [words('time.skew')],
  ]
}

async function ruleTable({ ask, words }: ReportContext): Promise<Block> {
  const rules = await ask('rule.list', {})
  return {
    block: 'table',
    columns: [
      { header: words('rule'), width: 58 },
      { header: words('falsePositives'), width: 42 },
    ],
    rows: rules.slice(0, MAX_RULES).map((rule) => ({
      cells: [
        [
          { kind: 'words', ...rule.title },
          outside(`(${rule.id})`, 'mono'),
          lineBreak,
          { kind: 'words', ...rule.description },
        ],
        [{ kind: 'words', ...rule.falsePositives }],
      ],
    })),
    empty: words('noRules'),
  }
}

import { basisOf } from '../facts/basis.ts'
import type { EvidenceRow } from '../../contract/nouns/evidence.ts'
import type { ReportContext } from '../context.ts'
import type { Block, Inline, Line, Words } from '../document.ts'
import { printedName } from '../entity-text.ts'
import { citeHop, citeSources } from '../facts/citations.ts'
import { summaryBeside } from './summary/beside.ts'
import { gravestDetections } from './summary/gravest.ts'
import { summaryBesideTexts } from './summary/beside-texts.ts'
import { noPathOfEnds } from '../facts/no-path.ts'
import { placedName, placesOf, type Places } from '../facts/places.ts'
import { citeProof, confidenceOf, listFindings, weightyFindings, type Finding } from '../facts/findings.ts'
import { findLastRetro } from '../facts/retro.ts'
import { entitiesOfKind, findStory, type Hop, type Story } from '../facts/story.ts'
import { defangAddress } from '../render/text.ts'
import { findVector, hasArrived, sourcesOfVector, type Vector } from '../facts/vector.ts'
import type { Section } from '../section.ts'
import { confidenceWords, kindWords, relationWords, shared } from '../words.ts'

/** Steps that take the attack from one machine, account or secret to the next. */
const MOVES: ReadonlySet<string> = new Set([
  'remote-logon',
  'remote-execution',
  'accessed-credentials',
  'logged-on-to',
  'signed-in-to',
])
/** Steps by which somebody touched what came in. */
const TOUCHES: ReadonlySet<string> = new Set(['clicked-by', 'opened-on', 'downloaded-to', 'saved-as'])

export default {
  id: 'summary',
  order: 30,
  options: [
    { id: 'findings', kind: 'number', default: 3, min: 0, max: 20 },
    { id: 'beside', kind: 'flag', default: true },
    { id: 'others', kind: 'flag', default: true },
  ],
  texts: {
    en: {
      ...summaryBesideTexts.en,
      title: 'Executive summary',
      description:
        'What came in, who touched it, what ran, where it went and who else is exposed, in sentences made from the data.',
      'option.findings': 'Findings at most',
      'option.beside': 'Tell what else was done and what was tried in vain',
      'option.others': 'Tell who else received the message and what the retro scan turned',
      findings: 'Findings of this case, the heaviest first',
      'finding.path':
        '{title}. Confidence of its likeliest path: {confidence}. Affected: {users} and {endpoints}.',
      'finding.claims':
        '{title}. Confidence of its weakest statement: {confidence}. Affected: {users} and {endpoints}.',
      'finding.users': '{count} user | {count} users',
      'finding.endpoints': '{count} endpoint | {count} endpoints',
      moreFindings: '{count} more finding is not named here. | {count} more findings are not named here.',
      candidate:
        'This is a candidate reading made from the evidence by rules; it is not yet a finding. Each sentence cites the records it rests on.',
      scope: 'The case holds {evidence} with {events} and {messages}.',
      'scope.evidence': '{count} evidence item | {count} evidence items',
      'scope.events': '{count} event | {count} events',
      'scope.messages': '{count} mail message | {count} mail messages',
      span: 'The events reach from {from} to {to} ({zone}).',
      entryMail:
        '{entry}: the message “{subject}” from {sender}, delivered at {at} to {count} mailbox. | {entry}: the message “{subject}” from {sender}, first delivered at {at} to {count} mailboxes.',
      entryMailSent:
        '{entry}: the message “{subject}” from {sender}, sent at {at} as it says itself; no delivery is recorded.',
      entryMailNamed:
        '{entry}: the message “{subject}” from {sender}, sent at {at} as it says itself. It names {count} mailbox as recipient; no record says when it arrived. | {entry}: the message “{subject}” from {sender}, sent at {at} as it says itself. It names {count} mailboxes as recipients; no record says when it arrived.',
      entry: 'Candidate entry',
      entryOf: 'Candidate entry of finding {n}',
      entryPerhaps: 'Perhaps only: no record ties it firmly to what followed.',
      entryOther: 'The path begins with {kind} {name}; no mail is known to lead into it.',
      noMail: 'No mail is known to lead into what was found.',
      mailPerhaps:
        'No mail is known to lead into what was found. Finding {n} may have come by the message “{subject}”: no record ties it firmly.',
      pathOf: 'The path is that of finding {n}: none is known for the heavier ones.',
      gravest: 'The gravest detections, and where',
      gravestAt: '{title}: {names}',
      'finding.asCandidate': '{title} (candidate: {why})',
      'finding.and': '{a}; {b}',
      'finding.onlyRead': 'no fact stands for itself',
      clockAhead: 'That clock is {seconds} s ahead: {at} by the others.',
      clockBehind: 'That clock is {seconds} s behind: {at} by the others.',
      backwards:
        'That is before the step it follows: the clocks of the two machines disagree, or the records were joined wrongly.',
      touched: '{from} {relation} {to} at {at}.',
      recipients:
        'Of {total}, {clicked} followed a link from it and {executed} ran something that came with it.',
      recipientsPerhaps:
        '{count} more perhaps did: only the name of a file or of a host says so. | {count} more perhaps did: only the name of a file or of a host says so.',
      'recipients.total': '{count} recipient | {count} recipients',
      ran: 'On {endpoint} ran: {names}.',
      ranSomewhere: 'What ran on the path: {names}.',
      moved: 'From there: {from} {relation} {to} at {at}.',
      reached: 'The path ends at {kind} {name} at {at}. Confidence of the whole path: {confidence}.',
      notObserved:
        '{count} of its {total} steps was not observed: it rests on rights in the directory. | {count} of its {total} steps were not observed: they rest on rights in the directory.',
      saidByAnalyst:
        '{count} of its {total} steps is the analyst’s word: no record shows it. | {count} of its {total} steps are the analyst’s word: no record shows them.',
      others:
        'Besides {name}, {count} more account received the same message. | Besides {name}, {count} more accounts received the same message.',
      retro:
        'Judged again with newer reputation patterns, {count} URL of stored mail turned. Deliveries exposed by it: {exposed}. | Judged again with newer reputation patterns, {count} URLs of stored mail turned. Deliveries exposed by them: {exposed}.',
      noPath: 'No attack path was found between an email vector or first foothold and another asset.',
      noPathFindings:
        'No single path leads through what was found; what is known stands in the findings below.',
      rejected:
        '{count} record could not be read and is missing from this picture. | {count} records could not be read and are missing from this picture.',
      empty: 'The case holds no evidence yet: there is nothing to report.',
    },
    'zh-TW': {
      ...summaryBesideTexts['zh-TW'],
      title: '執行摘要',
      description: '進入了什麼、誰接觸過、執行了什麼、擴散到哪裡、還有誰受影響：依資料產生的敘述。',
      'option.findings': '發現的數量上限',
      'option.beside': '敘述另外做了什麼與失敗的嘗試',
      'option.others': '敘述還有誰收到郵件，以及回溯掃描改變的判定',
      findings: '本案件的發現，依權重排列',
      'finding.path': '{title}。其最可能路徑的可信度：{confidence}。受影響：{users}、{endpoints}。',
      'finding.claims': '{title}。其最弱陳述的可信度：{confidence}。受影響：{users}、{endpoints}。',
      'finding.users': '使用者 {count} 位',
      'finding.endpoints': '端點 {count} 台',
      moreFindings: '另有 {count} 項發現未列於此。',
      candidate: '以下為規則依證據推導的候選解讀，尚非定論。每一句均註明所依據的紀錄。',
      scope: '本案件包含{evidence}、{events}與{messages}。',
      'scope.evidence': ' {count} 項證據',
      'scope.events': '{count} 筆事件',
      'scope.messages': ' {count} 封郵件',
      span: '事件時間自 {from} 至 {to}（{zone}）。',
      entryMail: '{entry}：{sender} 寄出的郵件「{subject}」，最早於 {at} 送達，共 {count} 個信箱。',
      entryMailSent: '{entry}：{sender} 寄出的郵件「{subject}」，郵件自稱於 {at} 寄出；沒有送達紀錄。',
      entryMailNamed:
        '{entry}：{sender} 寄出的郵件「{subject}」，郵件自稱於 {at} 寄出，列有 {count} 個信箱為收件者；沒有紀錄顯示何時送達。',
      entry: '候選入口',
      entryOf: '發現 {n} 的候選入口',
      entryPerhaps: '僅為可能：沒有紀錄將它與後續活動確實相連。',
      entryOther: '路徑始於 {kind} {name}；未知有郵件通往該處。',
      noMail: '未知有任何郵件通往所發現的活動。',
      mailPerhaps:
        '未知有任何郵件通往所發現的活動。發現 {n} 可能經由郵件「{subject}」而來：沒有紀錄將兩者確實相連。',
      pathOf: '此路徑屬於發現 {n}：權重更高的發現沒有已知的路徑。',
      gravest: '最嚴重的偵測及其所在',
      gravestAt: '{title}：{names}',
      'finding.asCandidate': '{title}（候選：{why}）',
      'finding.and': '{a}；{b}',
      'finding.onlyRead': '沒有可獨立成立的事實',
      clockAhead: '該時鐘快 {seconds} 秒：依其他時鐘為 {at}。',
      clockBehind: '該時鐘慢 {seconds} 秒：依其他時鐘為 {at}。',
      backwards: '此時間早於前一步驟：兩台機器的時鐘不一致，或紀錄的連結有誤。',
      touched: '{at}，{from} {relation} {to}。',
      recipients: '在{total}中，{clicked} 位點擊了其中的連結，{executed} 位執行了隨信而來的內容。',
      recipientsPerhaps: '另有 {count} 位可能也如此：僅檔名或主機名稱相符。',
      'recipients.total': ' {count} 位收件者',
      ran: '在 {endpoint} 上執行：{names}。',
      ranSomewhere: '路徑上執行的處理程序：{names}。',
      moved: '接著於 {at}：{from} {relation} {to}。',
      reached: '路徑於 {at} 抵達 {kind} {name}。整條路徑的可信度：{confidence}。',
      notObserved: '{total} 個步驟中有 {count} 個未經觀察，僅依據目錄中的權限。',
      saidByAnalyst: '{total} 個步驟中有 {count} 個為分析師的判斷，並無紀錄佐證。',
      others: '除 {name} 外，另有 {count} 個帳號收到同一封郵件。',
      retro:
        '以較新的信譽特徵碼重新判定後，已儲存郵件中有 {count} 個 URL 的風險等級改變，受影響的送達共 {exposed} 次。',
      noPath: '未找到從電子郵件入口或最初據點通往其他資產的攻擊路徑。',
      noPathFindings: '沒有單一路徑貫穿所發現的活動；已知內容見以下發現。',
      rejected: '有 {count} 筆紀錄無法讀取，未納入本報告的判讀。',
      empty: '本案件尚無證據，沒有可報告的內容。',
    },
    ja: {
      ...summaryBesideTexts.ja,
      title: 'エグゼクティブサマリー',
      description:
        '何が入り、誰が触れ、何が実行され、どこへ進み、他に誰が影響を受けるかを、データから作る文で示します。',
      'option.findings': '所見の数の上限',
      'option.beside': 'その他の行動と失敗した試みを述べる',
      'option.others': '他の受信者と、レトロスキャンで変わった判定を述べる',
      findings: 'このケースの所見（重みの大きい順）',
      'finding.path': '{title}。最も可能性の高い経路の信頼度：{confidence}。影響：{users}、{endpoints}。',
      'finding.claims': '{title}。最も弱い記述の信頼度：{confidence}。影響：{users}、{endpoints}。',
      'finding.users': 'ユーザー {count} 名',
      'finding.endpoints': 'エンドポイント {count} 台',
      moreFindings: 'ほかに {count} 件の所見はここでは挙げていません。',
      candidate:
        '以下はルールが証拠から導いた候補の解釈であり、確定した所見ではありません。各文に根拠となるレコードを示します。',
      scope: 'このケースには{evidence}、{events}、{messages}が含まれます。',
      'scope.evidence': '証拠 {count} 件',
      'scope.events': 'イベント {count} 件',
      'scope.messages': 'メール {count} 通',
      span: 'イベントの期間は {from} から {to} までです（{zone}）。',
      entryMail:
        '{entry}：{sender} からのメール「{subject}」。最初の配信は {at}、配信先は {count} 個のメールボックスです。',
      entryMailSent:
        '{entry}：{sender} からのメール「{subject}」。メール自体によれば {at} に送信、配信の記録はありません。',
      entryMailNamed:
        '{entry}：{sender} からのメール「{subject}」。メール自体によれば {at} に送信、受信者として {count} 個のメールボックスが記されていますが、いつ届いたかを示すレコードはありません。',
      entry: '侵入口の候補',
      entryOf: '所見 {n} の侵入口の候補',
      entryPerhaps: '可能性にとどまります。その後の活動と確実に結び付けるレコードはありません。',
      entryOther: '経路は{kind} {name} から始まります。そこへつながるメールは知られていません。',
      noMail: '見つかった活動につながるメールは知られていません。',
      mailPerhaps:
        '見つかった活動につながるメールは知られていません。所見 {n} はメール「{subject}」によるものかもしれませんが、確実に結び付けるレコードはありません。',
      pathOf: 'この経路は所見 {n} のものです。より重い所見の経路は知られていません。',
      gravest: '最も重大な検知とその場所',
      gravestAt: '{title}：{names}',
      'finding.asCandidate': '{title}（候補：{why}）',
      'finding.and': '{a}；{b}',
      'finding.onlyRead': '単独で成り立つ事実がない',
      clockAhead: 'この時計は {seconds} 秒進んでいます（他の時計では {at}）。',
      clockBehind: 'この時計は {seconds} 秒遅れています（他の時計では {at}）。',
      backwards:
        'これは前の段階より早い時刻です。2 台の時計が一致していないか、レコードの結び付けに誤りがあります。',
      touched: '{at}：{from} →［{relation}］→ {to}。',
      recipients:
        '{total}のうち、{clicked} 名がリンクを開き、{executed} 名がメールに由来するものを実行しました。',
      recipientsPerhaps: 'ほかに {count} 名にもその可能性があります（ファイル名またはホスト名だけが一致）。',
      'recipients.total': '受信者 {count} 名',
      ran: '{endpoint} で実行されたもの：{names}。',
      ranSomewhere: '経路上で実行されたプロセス：{names}。',
      moved: '続いて {at}：{from} →［{relation}］→ {to}。',
      reached: '経路は {at} に{kind} {name} に到達します。経路全体の信頼度：{confidence}。',
      notObserved: '{total} 段階のうち {count} 段階は観測されておらず、ディレクトリ上の権限に基づきます。',
      saidByAnalyst: '{total} 段階のうち {count} 段階は分析者の判断であり、示すレコードはありません。',
      others: '{name} のほかに {count} 個のアカウントが同じメールを受信しています。',
      retro:
        '新しいレピュテーションパターンで再判定した結果、保存済みメールの URL {count} 件の判定が変わり、影響を受ける配信は {exposed} 件です。',
      noPath: 'メールの侵入口または最初の足掛かりから他の資産に至る攻撃経路は見つかりませんでした。',
      noPathFindings: '見つかった活動を貫く一本の経路はありません。分かっていることは下の所見にあります。',
      rejected: '{count} 件のレコードは読み取れず、この分析に含まれていません。',
      empty: 'このケースにはまだ証拠がなく、報告する内容がありません。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const { words, ask, time, flag, case: info } = context
    const evidence = await ask('evidence.list', {})
    if (evidence.length === 0) return [{ block: 'paragraph', text: [words('empty')] }]
    const story = await findStory(context)
    const { evidence: items, events, messages } = info.counts
    const span = spanOf(evidence)
    const rejected = evidence.reduce((sum, item) => sum + item.rejected, 0)
    const scope: Line = [
      words('scope', {
        evidence: words('scope.evidence', { count: items }),
        events: words('scope.events', { count: events }),
        messages: words('scope.messages', { count: messages }),
      }),
      ...(span ? [words('span', { from: time(span[0]), to: time(span[1]), zone: info.zone })] : []),
    ]
    const facts: Line[] = [
      ...(await entryLines(context, story)),
      ...(story
        ? await onPath(context, story)
        : [[(await noPathOfEnds(context)) ?? words(await noPathKey(context))]]),
      ...(story && flag('beside') ? await summaryBeside(context, story) : []),
      ...(flag('others') ? await exposure(context) : []),
      ...(rejected > 0 ? [[words('rejected', { count: rejected }), ...rejectedIn(evidence)]] : []),
    ]
    return [
      { block: 'paragraph', text: scope, look: 'lead' },
      { block: 'list', items: facts },
      ...(await heaviest(context)),
      ...(await gravestDetections(context)),
      { block: 'paragraph', text: [words('candidate')], look: 'note' },
    ]
  },
} satisfies Section

const noPathKey = async (context: ReportContext): Promise<string> =>
  (await weightyFindings(context)).length > 0 ? 'noPathFindings' : 'noPath'

/** The findings in a sentence each, numbered as the section of findings numbers them. */
async function heaviest(context: ReportContext): Promise<readonly Block[]> {
  const { words, ask, count } = context
  const most = count('findings')
  const findings = most === 0 ? [] : await listFindings(context, most)
  if (findings.length === 0) return []
  const items = findings.map(async (finding): Promise<Line> => {
    const sure = confidenceOf(finding)
    const fact = finding.claims.find(({ kind }) => kind === 'fact') ?? finding.claims[0]
    return [
      words(finding.paths.length > 0 ? 'finding.path' : 'finding.claims', {
        title: titled(context, finding),
        confidence:
          sure === null
            ? shared('unknown')
            : shared('confidence.with', { word: confidenceWords(sure), value: sure.toFixed(2) }),
        users: words('finding.users', { count: finding.userTotal }),
        endpoints: words('finding.endpoints', { count: finding.endpointTotal }),
      }),
      ...(fact === undefined ? [] : await citeProof(context, fact.proof)),
    ]
  })
  const { total } = await ask('story.list', { limit: most })
  const left = (total ?? findings.length) - findings.length
  return [
    { block: 'paragraph', text: [words('findings')], look: 'label' },
    { block: 'list', items: await Promise.all(items), ordered: true },
    ...(left > 0
      ? [
          {
            block: 'paragraph' as const,
            text: [words('moreFindings', { count: left })],
            look: 'note' as const,
          },
        ]
      : []),
  ]
}

/** The title of a finding; of a candidate with why it is none but that. */
function titled({ words }: ReportContext, { title, candidate, claims }: Finding): Words {
  const name: Words = { kind: 'words', ...title }
  const why: Words[] = [
    ...(claims.some(({ kind }) => kind === 'fact') ? [] : [words('finding.onlyRead')]),
    ...candidate.map((reason): Words => ({ kind: 'words', ...reason })),
  ]
  const [first, ...rest] = why
  if (first === undefined) return name
  return words('finding.asCandidate', {
    title: name,
    why: rest.reduce((a, b) => words('finding.and', { a, b }), first),
  })
}

const rejectedIn = (evidence: readonly EvidenceRow[]): Line =>
  evidence.filter((item) => item.rejected > 0).map((item) => ({ kind: 'cite', ref: `E${item.id}` }))

function spanOf(evidence: readonly EvidenceRow[]): readonly [string, string] | undefined {
  const first = evidence.flatMap((item) => item.firstAt ?? []).sort()[0]
  const last = evidence
    .flatMap((item) => item.lastAt ?? [])
    .sort()
    .at(-1)
  return first === undefined || last === undefined ? undefined : [first, last]
}

const timeWords = (context: ReportContext, at: string | null) =>
  at === null ? shared('noTime') : context.time(at)

/** What came in, and how many of those who got it touched it. */
async function entryLines(context: ReportContext, story: Story | undefined): Promise<readonly Line[]> {
  const { words } = context
  const vector = await findVector(context)
  if (vector !== undefined) return vectorLines(context, vector)
  const [first] = story?.path.hops ?? []
  if (story !== undefined && first !== undefined)
    return [
      [
        words('entryOther', { kind: kindWords(story.from.kind), name: printedName(story.from) }),
        ...(await citeHop(context, first)),
      ],
    ]
  const findings = await weightyFindings(context)
  if (findings.length === 0 || context.case.counts.messages === 0) return []
  const perhaps = findings.find(({ finding }) => finding.emailVector !== null)
  const named = perhaps?.finding.emailVector
  if (perhaps === undefined || !named) return [[words('noMail')]]
  const { sources } = await context.ask('mail.get', { id: named.message.id })
  return [
    [
      words('mailPerhaps', { n: perhaps.number, subject: printedName(named.message) }),
      ...citeSources(context, sources.slice(0, 2), sources.length),
    ],
  ]
}

async function vectorLines(context: ReportContext, vector: Vector): Promise<readonly Line[]> {
  const { words } = context
  const { message, finding, isPerhaps } = vector
  const sources = citeSources(
    context,
    (await sourcesOfVector(context, message)).slice(0, 3),
    message.sources.length,
  )
  const isDelivered = await hasArrived(context, message)
  const arrivals = message.recipients.flatMap(({ deliveredAt }) => deliveredAt ?? [])
  const deliveredAt = [...arrivals, ...(message.deliveredAt === null ? [] : [message.deliveredAt])].sort()[0]
  const params = {
    entry: finding === null ? words('entry') : words('entryOf', { n: finding }),
    subject: printedName({ kind: 'message', name: message.subject }),
    sender: defangAddress(message.from),
    at: timeWords(context, isDelivered ? (deliveredAt ?? message.sentAt) : message.sentAt),
    // Copies are listed by some exports only; others name recipients and when each got it.
    count: Math.max(message.mailboxes, arrivals.length),
  }
  const key = deliveredAt === undefined ? 'entryMailSent' : isDelivered ? 'entryMail' : 'entryMailNamed'
  const clicked = message.recipients.filter(
    (one) => one.clickedAt !== null && !one.perhaps.includes('clicked'),
  )
  const executed = message.recipients.filter(
    (one) => one.executedAt !== null && !one.perhaps.includes('executed'),
  )
  const sure = new Set([...clicked, ...executed])
  const perhaps = message.recipients.filter((one) => one.perhaps.length > 0 && !sure.has(one))
  return [
    [words(key, params), ...(isPerhaps ? [words('entryPerhaps')] : []), ...sources],
    [
      words('recipients', {
        total: words('recipients.total', { count: message.recipients.length }),
        clicked: clicked.length,
        executed: executed.length,
      }),
      ...(perhaps.length > 0 ? [words('recipientsPerhaps', { count: perhaps.length })] : []),
      ...sources,
    ],
  ]
}

async function onPath(context: ReportContext, story: Story): Promise<readonly Line[]> {
  const { words } = context
  const { path } = story
  const places = await placesOf(context, path)
  const step = async (key: string, hop: Hop): Promise<Line> => [
    words(key, {
      from: placedName(hop.from, places),
      relation: relationWords(hop.relation),
      to: placedName(hop.to, places),
      at: timeWords(context, hop.at),
    }),
    ...clockRemark(context, hop, path.hops),
    ...(await citeHop(context, hop)),
  ]
  const timed = path.hops.filter((hop) => hop.at !== null)
  const touched = await Promise.all(
    timed.filter((hop) => TOUCHES.has(hop.relation)).map((hop) => step('touched', hop)),
  )
  const moved = await Promise.all(
    timed.filter((hop) => MOVES.has(hop.relation)).map((hop) => step('moved', hop)),
  )
  const basis = path.hops.map((hop) => basisOf(hop.relation, hop.observed))
  const unobserved = basis.filter((one) => one === 'possible').length
  const said = basis.filter((one) => one === 'analyst').length
  const last = path.hops.at(-1)
  const end: Line = [
    words('reached', {
      kind: kindWords(story.to.kind),
      name: printedName(story.to),
      at: timeWords(context, path.endAt),
      confidence: shared('confidence.with', {
        word: confidenceWords(path.confidence),
        value: path.confidence.toFixed(2),
      }),
    }),
    ...(story.finding !== null && story.finding > 1 ? [words('pathOf', { n: story.finding })] : []),
    ...(unobserved > 0 ? [words('notObserved', { count: unobserved, total: path.hops.length })] : []),
    ...(said > 0 ? [words('saidByAnalyst', { count: said, total: path.hops.length })] : []),
    ...(last ? await citeHop(context, last) : []),
  ]
  return [...touched, ...(await ran(context, story, places)), ...moved, end]
}

/** Where the clock of a step is known to be off, or its time lies before that of the step it follows. */
function clockRemark(context: ReportContext, hop: Hop, hops: readonly Hop[]): Line {
  const { words, time } = context
  if (hop.clock != null)
    return [
      words(hop.clock.aheadSeconds > 0 ? 'clockAhead' : 'clockBehind', {
        seconds: Math.abs(hop.clock.aheadSeconds),
        at: time(hop.clock.rightAt),
      }),
    ]
  const before = hops.slice(0, hops.indexOf(hop)).findLast((one) => one.at !== null)
  const right = before?.clock?.rightAt ?? before?.at
  return hop.at !== null && right != null && hop.at < right ? [words('backwards')] : []
}

/** What ran, endpoint by endpoint in the order of the path, with the records of the starts. */
async function ran(context: ReportContext, { path }: Story, places: Places): Promise<readonly Line[]> {
  const groups = new Map<string, { names: string[]; ids: Set<string> }>()
  for (const process of entitiesOfKind(path, 'process')) {
    const endpoint = places.get(process.id) ?? ''
    const group = groups.get(endpoint) ?? { names: [], ids: new Set() }
    if (group.names.at(-1) !== process.name) group.names.push(process.name)
    group.ids.add(process.id)
    groups.set(endpoint, group)
  }
  return Promise.all(
    [...groups].map(async ([endpoint, { names, ids }]): Promise<Line> => {
      const starts = path.hops.filter((hop) => ids.has(hop.to.id))
      const cites = (await Promise.all(starts.map((hop) => citeHop(context, hop)))).flat()
      const unique: readonly Inline[] = [
        ...new Map(cites.map((cite) => [JSON.stringify(cite), cite])).values(),
      ]
      return [
        context.words(endpoint === '' ? 'ranSomewhere' : 'ran', { endpoint, names: names.join(' → ') }),
        ...unique,
      ]
    }),
  )
}

/** Who else: other recipients of the vector, and what the retro scan turned. */
async function exposure(context: ReportContext): Promise<readonly Line[]> {
  const { words } = context
  const [vector, story, retro] = await Promise.all([
    findVector(context),
    findStory(context),
    findLastRetro(context),
  ])
  const lines: Line[] = []
  const victim = story && entitiesOfKind(story.path, 'user')[0]
  const message = vector?.message
  if (message && victim && message.recipients.length > 1) {
    const others = message.recipients.filter((recipient) => recipient.user?.id !== victim.id).length
    if (others > 0)
      lines.push([
        words('others', { name: printedName(victim), count: others }),
        ...citeSources(
          context,
          (await sourcesOfVector(context, message)).slice(0, 3),
          message.sources.length,
        ),
      ])
  }
  if (retro) {
    const messages = [...new Set(retro.newlyMatching.map((row) => row.message.id))].slice(0, 3)
    const details = await Promise.all(messages.map((id) => context.ask('mail.get', { id })))
    const sources = details.flatMap((message) => message.sources.slice(0, 1))
    lines.push([
      words('retro', {
        count: retro.counts.turned,
        exposed: retro.exposure.filter(({ isRecipient }) => isRecipient).length,
      }),
      ...citeSources(context, sources),
    ])
  }
  return lines
}

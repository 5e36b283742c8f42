import type { Texts } from '../../../model/text.ts'
import { summaryBesideTexts } from './beside-texts.ts'

const en = {
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
  pathOfFirst: 'The path is that of finding {n}.',
  pathPart:
    '{count} more fact of finding {n} is not on it. | {count} more facts of finding {n} are not on it.',
  gravest: 'The gravest detections, and where',
  gravestAt: '{title}: {names}',
  'means.dcsync':
    'Whoever did this holds the password hashes of the directory: all its passwords count as known, that of krbtgt too.',
  'means.ticket':
    'Whoever has the key to forge tickets needs no password: changing those of single accounts does not end it.',
  'means.certificate':
    'A certificate stays valid when the password of its account is changed: it has to be revoked.',
  'finding.asCandidate': '{title} (candidate: {why})',
  'finding.and': '{a}; {b}',
  'finding.onlyRead': 'no fact stands for itself',
  clockAhead: 'That clock is {seconds} s ahead: {at} by the others.',
  clockBehind: 'That clock is {seconds} s behind: {at} by the others.',
  backwards:
    'That is before the step it follows: the clocks of the two machines disagree, or the records were joined wrongly.',
  touched: '{from} {relation} {to} at {at}.',
  recipients:
    'Of {total}, {clicked} followed a link from it and {executed} opened or ran something that came with it.',
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
  noPathFindings: 'No single path leads through what was found; what is known stands in the findings below.',
  rejected:
    '{count} record could not be read and is missing from this picture. | {count} records could not be read and are missing from this picture.',
  empty: 'The case holds no evidence yet: there is nothing to report.',
} as const

/** Words of the section Executive summary. */
export const summaryTexts: Texts<keyof typeof en> = {
  en,
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
    pathOfFirst: '此路徑屬於發現 {n}。',
    pathPart: '發現 {n} 另有 {count} 項事實不在此路徑上。',
    gravest: '最嚴重的偵測及其所在',
    gravestAt: '{title}：{names}',
    'means.dcsync': '做此事者握有目錄的密碼雜湊：其中所有密碼（包含 krbtgt）都應視為已外洩。',
    'means.ticket': '握有偽造票證金鑰者不需要密碼：變更個別帳號的密碼無法終結。',
    'means.certificate': '帳號變更密碼後憑證仍然有效：必須將其撤銷。',
    'finding.asCandidate': '{title}（候選：{why}）',
    'finding.and': '{a}；{b}',
    'finding.onlyRead': '沒有可獨立成立的事實',
    clockAhead: '該時鐘快 {seconds} 秒：依其他時鐘為 {at}。',
    clockBehind: '該時鐘慢 {seconds} 秒：依其他時鐘為 {at}。',
    backwards: '此時間早於前一步驟：兩台機器的時鐘不一致，或紀錄的連結有誤。',
    touched: '{at}，{from} {relation} {to}。',
    recipients: '在{total}中，{clicked} 位點擊了其中的連結，{executed} 位開啟或執行了隨信而來的內容。',
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
    pathOfFirst: 'この経路は所見 {n} のものです。',
    pathPart: '所見 {n} の事実のうち {count} 件はこの経路上にありません。',
    gravest: '最も重大な検知とその場所',
    gravestAt: '{title}：{names}',
    'means.dcsync':
      'これを行った者はディレクトリのパスワードハッシュを持っています。krbtgt を含むすべてのパスワードを漏えい済みとみなす必要があります。',
    'means.ticket':
      'チケットを偽造する鍵を持つ者にパスワードは不要です。個々のアカウントのパスワードを変えても終わりません。',
    'means.certificate': 'アカウントのパスワードを変えても証明書は有効なままです。失効させる必要があります。',
    'finding.asCandidate': '{title}（候補：{why}）',
    'finding.and': '{a}；{b}',
    'finding.onlyRead': '単独で成り立つ事実がない',
    clockAhead: 'この時計は {seconds} 秒進んでいます（他の時計では {at}）。',
    clockBehind: 'この時計は {seconds} 秒遅れています（他の時計では {at}）。',
    backwards:
      'これは前の段階より早い時刻です。2 台の時計が一致していないか、レコードの結び付けに誤りがあります。',
    touched: '{at}：{from} →［{relation}］→ {to}。',
    recipients:
      '{total}のうち、{clicked} 名がリンクを開き、{executed} 名がメールに由来するものを開いたか実行しました。',
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
}

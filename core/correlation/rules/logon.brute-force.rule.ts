import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { failingSources, listTries, runsOf, type Try, wrongPassword } from '../logon-tries.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import { steadiness } from '../steadiness.ts'
import type { CorrelationView } from '../view.ts'

/** Failures without a longer pause are one episode. */
const PAUSE_US = 600_000_000
/** A person gives up, calls the help desk or is locked out before this. */
const TRIES = 10
/** Failures that alone are worth a word: an open service on the Internet sees them all day. */
const TRIES_ALONE = 50
/** The success follows the last failure within this time. */
const AFTER_US = 600_000_000
/** A source from which the account had logged on this long before is its own: a guesser begins with failures. */
const KNOWN_BEFORE_US = 43_200_000_000
/** A device goes on with the old password; who guesses from the owner's own address is not told from it. */
const STALE = 0.5
/** Sources listed beside the endpoint; the rest is in the proof. */
const MAX_INVOLVED = 50

const rule: Rule = {
  id: 'logon.brute-force',
  order: 53,
  relations: [],
  detections: ['password-guessed', 'password-guessing'],
  attack: ['T1110.001'],
  texts: {
    en: {
      title: 'Guessing of passwords',
      description:
        'Many wrong passwords for one account from one source, and then the right one. Without a success, only masses of wrong passwords at one endpoint are told.',
      needs:
        'Failed and successful logons with their source (Security 4624, 4625, 4771, 4776, RDP 140, sign-ins).',
      falsePositives:
        'A device or service with an old stored password, until somebody corrects it: rated lower where the account works at that endpoint anyway, lowest where it alone had logged on from the same source before and the failures come at steady intervals. Endpoints open to the Internet are tried all day.',
      'detection.password-guessed': 'Many wrong passwords, then the right one',
      'detection.password-guessing': 'Masses of wrong passwords',
      'reason.guessed':
        '{source} tried {account} {tries} times with a wrong password within {minutes} min and then logged on.',
      'reason.stale':
        '{source}, from which {account} and nobody else had logged on before, tried a wrong password {tries} times at steady intervals within {minutes} min and then logged on: a device with an old password does so.',
      'reason.guessing':
        '{tries} wrong passwords from {sources} source at this endpoint within {minutes} min; no success seen. | {tries} wrong passwords from {sources} sources at this endpoint within {minutes} min; no success seen.',
    },
    'zh-TW': {
      title: '猜測密碼',
      description:
        '同一來源對某帳號多次輸入錯誤密碼，隨後密碼正確。若無成功，僅提示單一端點上的大量錯誤密碼。',
      needs: '載有來源的登入成功與失敗紀錄（安全性 4624、4625、4771、4776、RDP 140、雲端登入）。',
      falsePositives:
        '儲存了舊密碼的裝置或服務，直到有人更正為止：若該帳號本來就在該端點上使用，則降低等級；若同一來源先前僅有該帳號成功登入，且失敗間隔固定，則為低度。對網際網路開放的端點整天都會被嘗試。',
      'detection.password-guessed': '多次錯誤密碼後登入成功',
      'detection.password-guessing': '大量錯誤密碼',
      'reason.guessed': '{source} 在 {minutes} 分鐘內以錯誤密碼嘗試 {account} {tries} 次，隨後登入成功。',
      'reason.stale':
        '{source} 先前僅有 {account} 登入過，在 {minutes} 分鐘內以固定間隔輸入錯誤密碼 {tries} 次後登入成功：儲存舊密碼的裝置即如此。',
      'reason.guessing':
        '此端點在 {minutes} 分鐘內收到來自 {sources} 個來源的 {tries} 次錯誤密碼，未見成功。',
    },
    ja: {
      title: 'パスワードの推測',
      description:
        '1 つの送信元から 1 つのアカウントに対して多数の誤ったパスワードが試され、その後正しいパスワードが使われました。成功がない場合は、1 台のエンドポイントへの大量の失敗のみを示します。',
      needs:
        '送信元を含むログオン成功・失敗の記録（セキュリティ 4624、4625、4771、4776、RDP 140、サインイン）。',
      falsePositives:
        '古いパスワードを保存した機器やサービス（そのアカウントが元々そのエンドポイントで使われている場合はレベルを下げ、同じ送信元から以前そのアカウントだけがログオンしていて失敗が一定間隔の場合は低とします）。インターネットに公開されたエンドポイントは終日試行を受けます。',
      'detection.password-guessed': '多数の誤ったパスワードの後にログオン成功',
      'detection.password-guessing': '大量の誤ったパスワード',
      'reason.guessed':
        '{source} が {minutes} 分間に {account} を誤ったパスワードで {tries} 回試し、その後ログオンしました。',
      'reason.stale':
        '{source} からは以前 {account} だけがログオンしていました。{minutes} 分間に一定の間隔で誤ったパスワードが {tries} 回試された後、ログオンしました。古いパスワードを保存した機器の動きです。',
      'reason.guessing':
        'このエンドポイントで {minutes} 分間に {sources} 個の送信元から {tries} 回の誤ったパスワードが記録されました。成功は確認されていません。',
    },
  },
  matches: [
    {
      title: 'forty wrong passwords and a logon by remote desktop',
      items: [
        ...Array.from({ length: 40 }, (_, place) =>
          exampleEvent('logon-failure', place * 2, wrongPassword('CORP\\adm', '203.0.113.9')),
        ),
        exampleEvent('logon', 85, { account: 'CORP\\adm', logonType: 10, sourceIp: '203.0.113.9' }),
      ],
      finds: ['!password-guessed: CORP\\adm'],
    },
    {
      title: 'a phone with an old password',
      items: [
        exampleEvent('logon', -86_400, { account: 'CORP\\basil', logonType: 3, sourceIp: '203.0.113.40' }),
        ...Array.from({ length: 30 }, (_, place) =>
          exampleEvent('logon-failure', place * 240, wrongPassword('CORP\\basil', '203.0.113.40')),
        ),
        exampleEvent('logon', 7300, { account: 'CORP\\basil', logonType: 3, sourceIp: '203.0.113.40' }),
      ],
      finds: ['!password-guessed: CORP\\basil'],
    },
    {
      title: 'an endpoint open to the Internet',
      items: Array.from({ length: 60 }, (_, place) =>
        exampleEvent('logon-failure', place * 5, {
          sourceIp: `203.0.113.${1 + (place % 5)}`,
          protocol: 'rdp',
          outcome: 'failure',
        }),
      ),
      finds: ['!password-guessing: WS-01'],
    },
  ],
  ignores: [
    {
      title: 'somebody who mistypes, an old password in a service, and one who succeeds from elsewhere',
      items: [
        ...[0, 5, 12].map((second) =>
          exampleEvent('logon-failure', second, wrongPassword('CORP\\amber', '10.0.0.21')),
        ),
        exampleEvent('logon', 20, { account: 'CORP\\amber', logonType: 2, sourceIp: '10.0.0.21' }),
        ...Array.from({ length: 20 }, (_, place) =>
          exampleEvent('logon-failure', place * 900, wrongPassword('CORP\\svc-old', '10.0.0.30')),
        ),
        ...Array.from({ length: 12 }, (_, place) =>
          exampleEvent('logon-failure', place, wrongPassword('CORP\\basil', '10.0.0.40')),
        ),
        exampleEvent('logon', 30, { account: 'CORP\\basil', logonType: 2 }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const byPair = new Map<string, Try[]>()
    const byTarget = new Map<number, Try[]>()
    const guessed = new Set<string>()
    const accounts = new Map<string, Set<string>>()
    const failing = failingSources(view)
    for (const one of failing.size === 0 ? [] : listTries(view)) {
      if (!failing.has(one.source)) continue
      if (one.account !== '') {
        push(byPair, `${one.source}|${one.account}`, one)
        accounts.set(one.source, (accounts.get(one.source) ?? new Set()).add(one.account))
      }
      if (!one.isSuccess && one.endpointId !== null) push(byTarget, one.endpointId, one)
    }
    for (const [pair, tries] of byPair)
      for (const find of guesses(view, tries, accounts)) {
        guessed.add(pair)
        yield find
      }
    for (const [endpointId, tries] of byTarget) {
      const others = tries.filter((one) => !guessed.has(`${one.source}|${one.account}`))
      for (const run of runsOf(others, PAUSE_US)) yield* masses(endpointId, run)
    }
  },
}
export default rule

function push<K>(map: Map<K, Try[]>, key: K, one: Try): void {
  const list = map.get(key)
  if (list) list.push(one)
  else map.set(key, [one])
}

/** Failures in a row, ended by a success. */
function* guesses(
  view: CorrelationView,
  tries: readonly Try[],
  accounts: ReadonlyMap<string, ReadonlySet<string>>,
): Generator<DetectionDraft> {
  let failures: Try[] = []
  const firstSuccess = tries.find(({ isSuccess }) => isSuccess)?.at ?? Infinity
  for (const one of tries) {
    const last = failures.at(-1)
    if (last && one.at - last.at > Math.max(PAUSE_US, AFTER_US)) failures = []
    if (!one.isSuccess) {
      failures.push(one)
      continue
    }
    const [first] = failures
    if (first && failures.length >= TRIES) {
      const isOwn = (accounts.get(one.source)?.size ?? 0) === 1 && first.at - firstSuccess >= KNOWN_BEFORE_US
      const isStale = isOwn && steadiness(failures.map(({ at }) => at)) !== undefined
      yield found(view, first, failures, one, isStale)
    }
    failures = []
  }
}

function found(
  view: CorrelationView,
  first: Try,
  failures: readonly Try[],
  success: Try,
  isStale: boolean,
): DetectionDraft {
  const subject: EntityHandle = success.userId ?? success.from ?? success.endpointId ?? 0
  const isUsual =
    success.userId !== null &&
    typeof success.from === 'number' &&
    view.sessions.isUserOf(success.userId, success.from)
  const others: (EntityHandle | null)[] = [success.from, success.endpointId]
  return {
    detection: 'password-guessed',
    level: isStale ? 'low' : isUsual ? 'medium' : 'high',
    subject,
    involved: others.filter((one) => one !== null && one !== subject) as EntityHandle[],
    window: `${first.at}`,
    at: first.at,
    until: success.at,
    confidence: isStale ? STALE : Math.min(0.95, 0.6 + failures.length * 0.01 - (isUsual ? 0.2 : 0)),
    reason: isStale ? 'stale' : 'guessed',
    params: {
      source: success.sourceName,
      account: success.account,
      tries: failures.length,
      minutes: Math.max(1, Math.round((success.at - first.at) / 60e6)),
    },
    proof: [success, ...failures].flatMap((one) => proofOf(one.event)),
  }
}

/** Wrong passwords at one endpoint, whoever they are for. */
function* masses(endpointId: number, run: readonly Try[]): Generator<DetectionDraft> {
  const [first] = run
  const last = run.at(-1)
  if (!first || !last || run.length < TRIES_ALONE) return
  const sources = new Map<string, EntityHandle | null>()
  for (const one of run) sources.set(one.source, one.from)
  yield {
    detection: 'password-guessing',
    level: 'low',
    subject: endpointId,
    involved: [...sources.values()].filter((one) => one !== null).slice(0, MAX_INVOLVED),
    window: `${first.at}`,
    at: first.at,
    until: last.at,
    confidence: Math.min(0.9, 0.5 + run.length * 0.001),
    reason: 'guessing',
    params: {
      tries: run.length,
      sources: sources.size,
      count: sources.size,
      minutes: Math.max(1, Math.round((last.at - first.at) / 60e6)),
    },
    proof: run.flatMap((one) => proofOf(one.event)),
  }
}

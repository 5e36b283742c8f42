import type { DetectionLevel } from '../../model/detection.ts'
import { dayOf } from '../accounts.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** Logons of one account from one source within this time are one sweep. */
const SWEEP_US = 600_000_000
/** A person at work reaches some servers; a drive that is mapped everywhere is reached one after the other. */
const TARGETS = 8
/** NTLM where Kerberos is the rule: with a hash one has no ticket. */
const NTLM_TARGETS = 4
/** Management, backups and scanners do it again and again: on so many days it is their habit. */
const HABIT_DAYS = 3
const MAX_INVOLVED = 50
const MAX_PROOFS = 150

interface Reach {
  readonly at: number
  readonly target: number
  readonly isNtlm: boolean
  readonly event: ViewEvent
}
interface Pair {
  readonly userId: number
  readonly source: { handle: EntityHandle; name: string }
  readonly reaches: Reach[]
}

/** Network logons of an example, one target every few seconds. */
function reaches(from: number, count: number, account: string, sourceIp: string, authentication: string) {
  return Array.from({ length: count }, (_, place) =>
    exampleEvent('logon', from + place * 4, {
      host: `SRV-${place}.corp.example`,
      account,
      logonType: 3,
      sourceIp,
      authentication,
    }),
  )
}

const rule: Rule = {
  id: 'logon.fan-out',
  order: 54,
  relations: [],
  detections: ['ntlm-fan-out', 'logon-fan-out'],
  attack: ['T1021', 'T1550.002', 'T1078.002'],
  texts: {
    en: {
      title: 'One account reaches many endpoints at once',
      description:
        'Within minutes an account logged on over the network from one source to many endpoints; fewer are enough by NTLM for an account that otherwise uses Kerberos. What the same account does from the same source on several days is its habit and left out.',
      needs: 'Network logons of several endpoints with their source (Security 4624), over some days.',
      falsePositives:
        'The first run of a management, inventory or backup job; vulnerability scanners; login scripts that touch many servers.',
      'detection.ntlm-fan-out': 'Many endpoints reached by NTLM at once (pass the hash)',
      'detection.logon-fan-out': 'Many endpoints reached by one account at once',
      'reason.ntlm':
        '{account} logged on from {source} to {targets} endpoints by NTLM within {seconds} s; {kerberos} other logons used Kerberos.',
      'reason.many': '{account} logged on from {source} to {targets} endpoints within {seconds} s.',
    },
    'zh-TW': {
      title: '單一帳號同時進入許多端點',
      description:
        '某帳號在數分鐘內自同一來源透過網路登入許多端點；若該帳號平時使用 Kerberos 而此時使用 NTLM，較少數量即提示。同一帳號自同一來源在數日內反覆進行者視為慣例而略過。',
      needs: '數日內多個端點載有來源的網路登入（安全性 4624）。',
      falsePositives: '管理、盤點或備份工作的首次執行；弱點掃描器；會連往許多伺服器的登入指令碼。',
      'detection.ntlm-fan-out': '以 NTLM 同時進入許多端點（Pass-the-Hash）',
      'detection.logon-fan-out': '單一帳號同時進入許多端點',
      'reason.ntlm':
        '{account} 在 {seconds} 秒內自 {source} 以 NTLM 登入 {targets} 台端點；其他 {kerberos} 次登入使用 Kerberos。',
      'reason.many': '{account} 在 {seconds} 秒內自 {source} 登入 {targets} 台端點。',
    },
    ja: {
      title: '1 つのアカウントが多数のエンドポイントに同時にログオン',
      description:
        'あるアカウントが数分のうちに 1 つの送信元から多数のエンドポイントへネットワークログオンしました。普段 Kerberos を使うアカウントの NTLM であれば、より少ない数でも示します。同じ送信元から複数日に繰り返されるものは習慣とみなして除きます。',
      needs: '数日分の、複数のエンドポイントにおける送信元付きのネットワークログオン（セキュリティ 4624）。',
      falsePositives:
        '管理・資産収集・バックアップ処理の初回実行、脆弱性スキャナー、多数のサーバーに接続するログオンスクリプト。',
      'detection.ntlm-fan-out': 'NTLM による多数のエンドポイントへの同時ログオン（Pass-the-Hash）',
      'detection.logon-fan-out': '1 つのアカウントによる多数のエンドポイントへの同時ログオン',
      'reason.ntlm':
        '{account} が {seconds} 秒間に {source} から NTLM で {targets} 台のエンドポイントにログオンしました。他の {kerberos} 回は Kerberos でした。',
      'reason.many':
        '{account} が {seconds} 秒間に {source} から {targets} 台のエンドポイントにログオンしました。',
    },
  },
  matches: [
    {
      title: 'nine servers by Kerberos, and five by NTLM of an account that else uses Kerberos',
      items: [
        ...reaches(0, 9, 'CORP\\amber', '10.0.0.66', 'Kerberos'),
        ...[0, 1, 2, 3, 4, 5].map((day) =>
          exampleEvent('logon', day * 5000 - 60_000, {
            account: 'CORP\\basil',
            logonType: 3,
            sourceIp: '10.0.0.67',
            authentication: 'Kerberos',
          }),
        ),
        ...reaches(0, 5, 'CORP\\basil', '10.0.0.68', 'NTLM'),
      ],
      finds: ['!logon-fan-out: CORP\\amber', '!ntlm-fan-out: CORP\\basil'],
    },
  ],
  ignores: [
    {
      title:
        'a backup job of every night, a person who opens some shares, a computer, and an account that only knows NTLM',
      items: [
        ...[0, 1, 2, 3].flatMap((day) => reaches(day * 86_400, 12, 'CORP\\backup', '10.0.0.70', 'Kerberos')),
        ...reaches(0, 5, 'CORP\\amber', '10.0.0.66', 'Kerberos'),
        ...reaches(0, 12, 'CORP\\WS-02$', '10.0.0.71', 'Kerberos'),
        ...reaches(0, 5, 'CORP\\printer', '10.0.0.72', 'NTLM'),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const pairs = new Map<string, Pair>()
    const kerberos = new Map<number, number>()
    for (const event of view.events(
      ['logon'],
      ['logonType', 'sourceIp', 'sourceHost', 'authentication', 'account'],
    )) {
      const { at, endpointId, userId } = event
      const { logonType, authentication = '' } = event.fields
      if (at === null || endpointId === null || userId === null) continue
      if (logonType !== 3 && logonType !== 10) continue
      if (/^kerberos/i.test(authentication)) kerberos.set(userId, (kerberos.get(userId) ?? 0) + 1)
      const source = sourceOf(view, event)
      if (!source || source.handle === endpointId) continue
      const key = `${userId}|${source.name}`
      const pair = pairs.get(key) ?? { userId, source, reaches: [] }
      pairs.set(key, pair)
      pair.reaches.push({ at, target: endpointId, isNtlm: /^ntlm/i.test(authentication), event })
    }
    for (const pair of pairs.values()) yield* judge(pair, kerberos.get(pair.userId) ?? 0)
  },
}
export default rule

function sourceOf(view: CorrelationView, event: ViewEvent): Pair['source'] | undefined {
  const { sourceIp, sourceHost } = event.fields
  const endpoint =
    view.addresses.find(sourceIp, event.at) ??
    (sourceHost === undefined ? undefined : view.findEndpoint(sourceHost, event.at))
  if (endpoint) return { handle: endpoint.id, name: endpoint.name }
  return sourceIp === undefined || /^(?:127\.|::1$)/.test(sourceIp)
    ? undefined
    : { handle: ipEntity(sourceIp), name: sourceIp }
}

/** The largest sweep of each day, unless there is one on most days. */
function* judge(pair: Pair, kerberos: number): Generator<DetectionDraft> {
  const all = [...sweepsOf(pair.reaches, TARGETS, () => true)]
  const ntlm = [...sweepsOf(pair.reaches, NTLM_TARGETS, (reach) => reach.isNtlm)]
  const isHabit = (sweeps: readonly Reach[][]): boolean =>
    new Set(sweeps.map((sweep) => dayOf(sweep[0]?.at ?? null))).size >= HABIT_DAYS
  // Who never used Kerberos has no reason to be looked at for using NTLM.
  if (kerberos >= NTLM_TARGETS && !isHabit(ntlm))
    for (const sweep of ntlm) yield* told(pair, sweep, 'ntlm-fan-out', 'medium', 'ntlm', kerberos)
  if (!isHabit(all))
    for (const sweep of all) yield* told(pair, sweep, 'logon-fan-out', 'low', 'many', kerberos)
}

/** Stretches in which so many targets were reached, each as long as it goes on. */
function* sweepsOf(
  reaches: readonly Reach[],
  least: number,
  counts: (reach: Reach) => boolean,
): Generator<Reach[]> {
  let sweep: Reach[] = []
  const isWide = (): boolean => new Set(sweep.map((reach) => reach.target)).size >= least
  for (const reach of reaches) {
    if (!counts(reach)) continue
    const first = sweep[0]
    if (first && reach.at - first.at > SWEEP_US) {
      if (isWide()) yield sweep
      sweep = []
    }
    sweep.push(reach)
  }
  if (isWide()) yield sweep
}

function* told(
  pair: Pair,
  sweep: readonly Reach[],
  detection: string,
  level: DetectionLevel,
  reason: string,
  kerberos: number,
): Generator<DetectionDraft> {
  const [first] = sweep
  const last = sweep.at(-1)
  if (!first || !last) return
  const targets = new Set(sweep.map((reach) => reach.target))
  yield {
    detection,
    level,
    subject: pair.userId,
    involved: [pair.source.handle, ...[...targets].slice(0, MAX_INVOLVED)],
    window: `${first.at}`,
    at: first.at,
    until: last.at,
    confidence: Math.min(0.85, (50 + targets.size) / 100),
    reason,
    params: {
      account: first.event.fields.account ?? '?',
      source: pair.source.name,
      targets: targets.size,
      seconds: Math.max(1, Math.round((last.at - first.at) / 1e6)),
      kerberos,
    },
    proof: sweep.slice(0, MAX_PROOFS).flatMap((reach) => proofOf(reach.event)),
  }
}

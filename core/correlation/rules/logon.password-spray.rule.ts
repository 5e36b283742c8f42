import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { failingSources, listTries, runsOf, type Try, wrongPassword } from '../logon-tries.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import type { CorrelationView } from '../view.ts'

/** Failures of one source without a longer pause are one episode. */
const PAUSE_US = 1_800_000_000
/** Fewer accounts are a family computer or a shared one. */
const ACCOUNTS = 5
/** More tries for each account are guessing of passwords, which another rule looks for. */
const TRIES_EACH = 5
/** So many accounts at once are a spray even behind an address that many share. */
const MANY_ACCOUNTS = 20
/** Somebody's success this long after the last failure still belongs to it. */
const AFTER_US = 600_000_000
/** Accounts within a minute: people do not queue up like that. */
const FAST_US = 60_000_000
/** Users listed beside the source; the rest is in the proof. */
const MAX_INVOLVED = 50

const rule: Rule = {
  id: 'logon.password-spray',
  order: 53,
  relations: [],
  detections: ['password-spray', 'spray-success'],
  attack: ['T1110.003'],
  texts: {
    en: {
      title: 'Password spraying',
      description:
        'One source tried many accounts, each a few times only, and the passwords were wrong. Where an account then logged on from the same source, its password is likely known.',
      needs:
        'Failed logons with their source (Security 4625, 4771, 4776; sign-ins of Entra ID), and successful ones.',
      falsePositives:
        'Gateways, terminal servers and translated addresses that many people share: left out while as many accounts log on from them as fail. Programs that try a list of stored accounts.',
      'detection.password-spray': 'Many accounts tried from one source (password spraying)',
      'detection.spray-success': 'Password spraying, and an account logged on from there',
      'reason.spray':
        '{source} tried {accounts} accounts {tries} times within {minutes} min; all with a wrong password.',
      'reason.success':
        '{source} tried {accounts} accounts {tries} times within {minutes} min; then {guessed} logged on from there.',
    },
    'zh-TW': {
      title: '密碼噴灑',
      description:
        '單一來源嘗試了許多帳號，每個帳號只試幾次，且密碼錯誤。若某帳號隨後自同一來源登入，其密碼很可能已被得知。',
      needs: '載有來源的登入失敗紀錄（安全性 4625、4771、4776；Entra ID 登入），以及登入成功的紀錄。',
      falsePositives:
        '多人共用的閘道、終端機伺服器與位址轉換：只要自該處成功登入的帳號不少於失敗者即略過。逐一嘗試已儲存帳號的程式。',
      'detection.password-spray': '單一來源嘗試大量帳號（密碼噴灑）',
      'detection.spray-success': '密碼噴灑後有帳號自該來源登入',
      'reason.spray': '{source} 在 {minutes} 分鐘內對 {accounts} 個帳號嘗試了 {tries} 次，密碼均錯誤。',
      'reason.success':
        '{source} 在 {minutes} 分鐘內對 {accounts} 個帳號嘗試了 {tries} 次，隨後 {guessed} 自該處登入。',
    },
    ja: {
      title: 'パスワードスプレー',
      description:
        '1 つの送信元が多数のアカウントを少しずつ試し、いずれもパスワードが誤りでした。その後同じ送信元からログオンしたアカウントは、パスワードを知られている可能性が高いです。',
      needs:
        '送信元を含むログオン失敗の記録（セキュリティ 4625、4771、4776、Entra ID のサインイン）と、成功の記録。',
      falsePositives:
        '多くの人が共有するゲートウェイ、ターミナルサーバー、アドレス変換（失敗と同数以上のアカウントがそこから成功していれば除外）。保存済みアカウントを順に試すプログラム。',
      'detection.password-spray': '1 つの送信元から多数のアカウントを試行（パスワードスプレー）',
      'detection.spray-success': 'パスワードスプレーの後、その送信元からログオン成功',
      'reason.spray':
        '{source} が {minutes} 分間に {accounts} 個のアカウントを計 {tries} 回試し、すべてパスワードが誤りでした。',
      'reason.success':
        '{source} が {minutes} 分間に {accounts} 個のアカウントを計 {tries} 回試し、その後 {guessed} がそこからログオンしました。',
    },
  },
  matches: [
    {
      title: 'seven accounts in seven seconds',
      items: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name, place) =>
        exampleEvent('logon-failure', place, wrongPassword(`CORP\\${name}`, '203.0.113.9')),
      ),
      finds: ['!password-spray: 203.0.113.9'],
    },
    {
      title: 'six accounts over an hour, and one that gets in',
      items: [
        ...['a', 'b', 'c', 'd', 'e', 'f'].map((name, place) =>
          exampleEvent('logon-failure', place * 600, wrongPassword(`CORP\\${name}`, '203.0.113.9')),
        ),
        exampleEvent('logon', 3100, { account: 'CORP\\c', logonType: 3, sourceIp: '203.0.113.9' }),
      ],
      finds: ['!spray-success: 203.0.113.9', '!password-spray: 203.0.113.9'],
    },
  ],
  ignores: [
    {
      title: 'a gateway that many people mistype behind, and one who forgot the password',
      items: [
        ...['a', 'b', 'c', 'd', 'e', 'f'].flatMap((name, place) => [
          exampleEvent('logon-failure', place * 60, wrongPassword(`CORP\\${name}`, '10.0.0.20')),
          exampleEvent('logon', place * 60 + 20, {
            account: `CORP\\${name}`,
            logonType: 10,
            sourceIp: '10.0.0.20',
          }),
        ]),
        ...Array.from({ length: 12 }, (_, place) =>
          exampleEvent('logon-failure', place * 5, wrongPassword('CORP\\amber', '10.0.0.21')),
        ),
      ],
      finds: [],
    },
    {
      title: 'computers, expired passwords and switched-off accounts',
      items: ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((name, place) => [
        exampleEvent('logon-failure', place, {
          ...wrongPassword(`CORP\\${name}`, '10.0.0.22'),
          status: '0xc0000071',
        }),
        exampleEvent('logon-failure', place, wrongPassword(`CORP\\${name}-PC$`, '10.0.0.22')),
      ]),
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const bySource = new Map<string, { failures: Try[]; successes: Try[] }>()
    const failing = failingSources(view)
    for (const one of failing.size === 0 ? [] : listTries(view)) {
      if (one.account === '' || !failing.has(one.source)) continue
      const kept = bySource.get(one.source) ?? { failures: [], successes: [] }
      bySource.set(one.source, kept)
      ;(one.isSuccess ? kept.successes : kept.failures).push(one)
    }
    for (const { failures, successes } of bySource.values()) {
      let next = 0
      const before = new Set<string>()
      for (const run of runsOf(failures, PAUSE_US)) {
        const first = run[0]?.at ?? 0
        const last = (run.at(-1)?.at ?? 0) + AFTER_US
        for (let early = successes[next]; early && early.at < first; early = successes[next]) {
          before.add(early.account)
          next += 1
        }
        const own: Try[] = []
        for (let place = next; (successes[place]?.at ?? Infinity) <= last; place += 1) {
          const success = successes[place]
          if (success) own.push(success)
        }
        yield* judge(view, run, own, before)
      }
    }
  },
}
export default rule

/** @param before accounts that had logged on from there before the failures */
function* judge(
  view: CorrelationView,
  run: readonly Try[],
  successes: readonly Try[],
  before: ReadonlySet<string>,
): Generator<DetectionDraft> {
  const [first] = run
  const last = run.at(-1)
  if (!first || !last) return
  const failedAt = new Map<string, number>()
  for (const one of run) if (!failedAt.has(one.account)) failedAt.set(one.account, one.at)
  const accounts = failedAt.size
  if (accounts < ACCOUNTS || run.length > accounts * TRIES_EACH) return
  const inside = new Set(successes.map((one) => one.account))
  if (inside.size >= accounts && accounts < MANY_ACCOUNTS) return
  // Whoever worked there anyway goes on working; nobody had to guess.
  const guessed = successes.filter(
    (one) =>
      one.at > (failedAt.get(one.account) ?? Infinity) &&
      !before.has(one.account) &&
      !(one.userId !== null && typeof one.from === 'number' && view.sessions.isUserOf(one.userId, one.from)),
  )
  const subject: EntityHandle | null = first.from ?? first.endpointId
  if (subject === null) return
  const isFast = hasBurst(run)
  const entered = usersOf(guessed)
  const names = [...new Set(guessed.map((one) => one.account))]
  const both = {
    subject,
    window: `${first.at}`,
    at: first.at,
    confidence: Math.min(0.95, 0.6 + accounts * 0.02 + (isFast ? 0.15 : 0)),
    params: {
      source: first.sourceName,
      accounts,
      tries: run.length,
      minutes: Math.max(1, Math.round((last.at - first.at) / 60e6)),
      guessed: names.slice(0, 5).join(', '),
    },
  }
  // Who was only tried has no part in what a guessed account then did: two detections.
  yield {
    ...both,
    detection: 'password-spray',
    level: isFast || accounts >= MANY_ACCOUNTS ? 'high' : 'medium',
    involved: usersOf(run)
      .filter((user) => !entered.includes(user))
      .slice(0, MAX_INVOLVED),
    until: last.at,
    reason: 'spray',
    proof: run.flatMap((one) => proofOf(one.event)),
  }
  if (guessed.length === 0) return
  yield {
    ...both,
    detection: 'spray-success',
    level: 'critical',
    involved: entered.slice(0, MAX_INVOLVED),
    until: Math.max(last.at, guessed.at(-1)?.at ?? 0),
    reason: 'success',
    proof: [...guessed, ...run].flatMap((one) => proofOf(one.event)),
  }
}

const usersOf = (tries: readonly Try[]): number[] => [
  ...new Set(tries.flatMap((one) => (one.userId === null ? [] : [one.userId]))),
]

/** Whether as many accounts as count were tried within a minute. */
function hasBurst(run: readonly Try[]): boolean {
  const inside = new Map<string, number>()
  let start = 0
  for (const one of run) {
    inside.set(one.account, (inside.get(one.account) ?? 0) + 1)
    for (let old = run[start]; old && one.at - old.at > FAST_US; old = run[start]) {
      const left = (inside.get(old.account) ?? 1) - 1
      if (left === 0) inside.delete(old.account)
      else inside.set(old.account, left)
      start += 1
    }
    if (inside.size >= ACCOUNTS) return true
  }
  return false
}

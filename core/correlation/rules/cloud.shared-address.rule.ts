import { dayOf } from '../accounts.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { isHarmless, isWeak } from '../mailboxes.ts'
import { listOddSignIns, type OddSignIn } from '../odd-sign-ins.ts'
import type { DetectionDraft, Rule } from '../rule.ts'
import type { CorrelationView } from '../view.ts'

/** Who holds the passwords of several uses them within a day. */
const WINDOW_US = 86_400_000_000
const SURE = 0.8
/** Of one of them the country alone is new. */
const WEAK = 0.6
/** More accounts than this from one address are an exit that many share, or a large campaign: less sure. */
const MANY = 20
const MAX_NAMED = 5
const MAX_INVOLVED = 50

/** A sign-in of an example. */
const signIn = (account: string, seconds: number, location: string, sourceIp: string, hostId?: string) =>
  exampleEvent('cloud-sign-in', seconds, {
    host: undefined,
    account: `${account}@corp.example`,
    sourceIp,
    location,
    outcome: 'success',
    hostId,
  })
const DEVICE = '11111111-2222-4333-8444-555555555555'

const rule: Rule = {
  id: 'cloud.shared-address',
  order: 54,
  relations: [],
  detections: ['shared-address'],
  attack: ['T1078.004'],
  texts: {
    en: {
      title: 'One address signs in oddly to several accounts',
      description:
        'From one address odd sign-ins to two or more accounts succeeded within a day: whoever sits there may hold the passwords or sessions of all of them, as the server of a phishing page does.',
      needs: 'Sign-in records as the rule on odd sign-ins needs them.',
      falsePositives:
        'A VPN or mobile exit abroad that several people use with unmanaged devices. Addresses from which a known device signs in are left out.',
      'detection.shared-address': 'One address signed in oddly to several accounts',
      'reason.shared':
        'Within {minutes} min {ip} ({country}) signed in oddly to {accounts} accounts: {names}',
    },
    'zh-TW': {
      title: '同一位址異常登入多個帳號',
      description:
        '同一位址在一天內對兩個以上的帳號成功進行異常登入：該處之人可能握有所有這些帳號的密碼或工作階段，例如網路釣魚頁面的伺服器。',
      needs: '與異常登入規則相同的登入紀錄。',
      falsePositives: '多人以未受管理的裝置共用的國外 VPN 或行動網路出口。有已知裝置登入的位址會略過。',
      'detection.shared-address': '同一位址異常登入多個帳號',
      'reason.shared': '{ip}（{country}）在 {minutes} 分鐘內異常登入 {accounts} 個帳號：{names}',
    },
    ja: {
      title: '1 つのアドレスから複数アカウントへの不審なサインイン',
      description:
        '1 つのアドレスから 1 日以内に 2 つ以上のアカウントへの不審なサインインが成功しました。そこにいる者が、フィッシングページのサーバーのように、全員のパスワードやセッションを持っている可能性があります。',
      needs: '不審なサインインのルールと同じサインイン記録。',
      falsePositives:
        '管理されていない端末で複数の人が使う国外の VPN やモバイル回線の出口。既知のデバイスがサインインするアドレスは除きます。',
      'detection.shared-address': '1 つのアドレスから複数アカウントへ不審なサインイン',
      'reason.shared':
        '{minutes} 分間に {ip}（{country}）から {accounts} 件のアカウントへ不審なサインインがありました：{names}',
    },
  },
  matches: [
    {
      title: 'two people sign in at home, and within the hour one far address signs in as both',
      items: [
        signIn('amber', 0, 'Taipei, TW', '203.0.113.7'),
        signIn('basil', 60, 'Taipei, TW', '203.0.113.7'),
        signIn('amber', 600, 'Lagos, NG', '198.51.100.9'),
        signIn('basil', 3000, 'Lagos, NG', '198.51.100.9'),
      ],
      finds: ['!shared-address: amber@corp.example', '!shared-address: basil@corp.example'],
    },
  ],
  ignores: [
    {
      title: 'an exit abroad that known devices use, and two thieves with an address each',
      items: [
        signIn('amber', 0, 'Taipei, TW', '203.0.113.7'),
        signIn('basil', 60, 'Taipei, TW', '203.0.113.7'),
        signIn('cora', 90, 'Taipei, TW', '203.0.113.7', DEVICE),
        signIn('amber', 600, 'Lagos, NG', '198.51.100.9'),
        signIn('basil', 660, 'Lagos, NG', '198.51.100.9'),
        signIn('cora', 700, 'Lagos, NG', '198.51.100.9', DEVICE),
        signIn('dora', 0, 'Taipei, TW', '203.0.113.7'),
        signIn('dora', 600, 'Lagos, NG', '192.0.2.10'),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const byIp = new Map<string, OddSignIn[]>()
    for (const odd of listOddSignIns(view)) {
      if (odd.ip === undefined || isHarmless(odd)) continue
      const list = byIp.get(odd.ip)
      if (list) list.push(odd)
      else byIp.set(odd.ip, [odd])
    }
    for (const [ip, list] of byIp) if (new Set(list.map((odd) => odd.userId)).size < 2) byIp.delete(ip)
    if (byIp.size === 0) return
    for (const ip of usedByDevices(view, byIp)) byIp.delete(ip)
    for (const [ip, list] of byIp) for (const burst of burstsOf(list)) yield* tell(view, ip, burst)
  },
}
export default rule

/** Addresses from which a device signs in that another address knows as well: an office, a home, a VPN. */
function usedByDevices(view: CorrelationView, wanted: ReadonlyMap<string, unknown>): Set<string> {
  const homes = new Map<string, string>()
  const found = new Set<string>()
  for (const { fields } of view.events(['cloud-sign-in'], ['sourceIp', 'hostId', 'outcome'])) {
    const { sourceIp, hostId, outcome } = fields
    if (sourceIp === undefined || hostId === undefined || outcome !== 'success') continue
    const home = homes.get(hostId)
    if (home === undefined) homes.set(hostId, sourceIp)
    else if (home !== sourceIp && wanted.has(sourceIp)) found.add(sourceIp)
  }
  return found
}

/** Sign-ins from one address that follow each other within a day, to two accounts at least. */
function burstsOf(list: readonly OddSignIn[]): OddSignIn[][] {
  const bursts: OddSignIn[][] = []
  for (const odd of list.toSorted((a, b) => a.until - b.until)) {
    const burst = bursts.at(-1)
    const last = burst?.at(-1)
    if (burst && last && odd.until - last.until <= WINDOW_US) burst.push(odd)
    else bursts.push([odd])
  }
  return bursts.filter((burst) => new Set(burst.map((odd) => odd.userId)).size >= 2)
}

function* tell(view: CorrelationView, ip: string, burst: readonly OddSignIn[]): Generator<DetectionDraft> {
  const [first] = burst
  const last = burst.at(-1)
  if (!first || !last) return
  const users = [...new Set(burst.map((odd) => odd.userId))]
  const isSure =
    users.length <= MANY && users.every((user) => burst.some((odd) => odd.userId === user && !isWeak(odd)))
  const named = users.slice(0, MAX_NAMED).map((user) => view.entity(user).name)
  for (const user of users) {
    const own = burst.find((odd) => odd.userId === user) ?? first
    yield {
      detection: 'shared-address',
      level: isSure ? 'high' : 'medium',
      subject: user,
      involved: [ipEntity(ip), ...users.filter((other) => other !== user).slice(0, MAX_INVOLVED)],
      window: `${dayOf(first.until)} ${ip}`,
      at: own.until,
      until: last.until,
      confidence: isSure ? SURE : WEAK,
      reason: 'shared',
      params: {
        ip,
        country: own.country ?? '?',
        minutes: Math.max(1, Math.round((last.until - first.until) / 60e6)),
        accounts: users.length,
        names: named.join(', ') + (users.length > named.length ? ', ...' : ''),
      },
      proof: burst.flatMap((odd) => odd.events.slice(-1).flatMap((event) => proofOf(event))).slice(0, 100),
    }
  }
}

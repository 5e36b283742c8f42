import type { DetectionLevel } from '../../model/detection.ts'
import { dayOf } from '../accounts.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { listOddSignIns, type OddSignIn } from '../odd-sign-ins.ts'
import type { DetectionDraft, Rule } from '../rule.ts'

/** How sure each sign is on its own; with a new program or the product's own warning it is surer. */
const BASE: Readonly<Record<OddSignIn['why'], number>> = {
  travel: 0.65,
  country: 0.5,
  risk: 0.6,
  denials: 0.7,
  'gave-in': 0.9,
  'device-code': 0.6,
}
const BACKED = 0.15
/** From the account's own device: a VPN or a journey. */
const OWN_DEVICE = 0.2

const LEVELS: Readonly<Record<OddSignIn['why'], readonly [alone: DetectionLevel, backed: DetectionLevel]>> = {
  travel: ['medium', 'high'],
  country: ['low', 'medium'],
  risk: ['medium', 'medium'],
  denials: ['medium', 'medium'],
  'gave-in': ['high', 'high'],
  'device-code': ['low', 'high'],
}
const NAMES: Readonly<Record<OddSignIn['why'], string>> = {
  travel: 'impossible-travel',
  country: 'new-country',
  risk: 'risky-sign-in',
  denials: 'second-factor-refused',
  'gave-in': 'second-factor-given-in',
  'device-code': 'device-code-sign-in',
}

/** A sign-in of an example. */
function signIn(
  seconds: number,
  location: string,
  sourceIp: string,
  more: Parameters<typeof exampleEvent>[2] = {},
) {
  return exampleEvent('cloud-sign-in', seconds, {
    host: undefined,
    account: 'amber@corp.example',
    sourceIp,
    location,
    outcome: 'success',
    userAgent: 'Edge',
    ...more,
  })
}
const OWN_DEVICE_ID = '11111111-2222-4333-8444-555555555555'
const denied = (seconds: number) =>
  signIn(seconds, 'Taipei, TW', '198.51.100.9', { outcome: 'failure', status: '500121' })

const rule: Rule = {
  id: 'cloud.odd-sign-in',
  order: 53,
  relations: [],
  detections: [
    'impossible-travel',
    'new-country',
    'risky-sign-in',
    'second-factor-refused',
    'second-factor-given-in',
    'device-code-sign-in',
  ],
  attack: ['T1078.004', 'T1621'],
  attackOf: {
    'impossible-travel': ['T1078.004'],
    'new-country': ['T1078.004'],
    'risky-sign-in': ['T1078.004'],
    'second-factor-refused': ['T1621'],
    'second-factor-given-in': ['T1621'],
    'device-code-sign-in': ['T1078.004'],
  },
  texts: {
    en: {
      title: 'Odd sign-ins to the cloud',
      description:
        'Successful sign-ins of one account from two places too far apart for the time between (faster than 1,000 km/h where the records hold coordinates; else two countries within an hour), from a country it never came from before, rated risky by the provider, by a device code (a code typed on one device signs another one in), or second factors refused again and again, worst when one is confirmed at last. Places are those the records state: no database of addresses is asked.',
      needs:
        'Sign-in records with a place (country, best with coordinates) and outcome; for new countries at least ten sign-ins over three days before.',
      falsePositives:
        'VPNs, mobile networks and proxies show up in other places; travel. Command lines, meeting rooms and televisions sign in by device code. The same device in both places, and places less than 500 km apart, are left out.',
      'detection.impossible-travel': 'Sign-ins from two places too far apart for the time',
      'detection.new-country': 'First sign-in from a country',
      'detection.risky-sign-in': 'Sign-in rated risky by the provider',
      'detection.second-factor-refused': 'Second factor refused again and again',
      'detection.second-factor-given-in':
        'Second factor refused again and again, then confirmed (MFA fatigue)',
      'detection.device-code-sign-in': 'Sign-in by device code',
      'reason.device-code':
        'Signed in from {ip} ({country}) by a device code: whoever asked for the code got the session, wherever it was typed. Sign-ins by device code before: {count}.',
      'reason.travel': 'Signed in from {before}, and {minutes} min later from {country} ({ip}).',
      'reason.journey':
        'Signed in from {before}, and {minutes} min later from {country} ({ip}), {km} km away: {kmh} km/h.',
      'reason.travel_earlier':
        'Signed in from {country} ({ip}), and {minutes} min later from {before} with a device this account has long signed in from.',
      'reason.journey_earlier':
        'Signed in from {country} ({ip}), and {minutes} min later from {before}, {km} km away ({kmh} km/h), with a device this account has long signed in from.',
      'reason.country': 'First sign-in from {country} ({ip}); {count} sign-ins before came from {before}.',
      'reason.country_own_device':
        'First sign-in from {country} ({ip}), with a device this account has long signed in from; {count} sign-ins before came from {before}.',
      'reason.risk': 'The provider rated this sign-in from {ip} ({country}) as risky: {risk}.',
      'reason.denials': '{count} second factors were refused or left unanswered within {minutes} min.',
      'reason.gave-in':
        '{count} second factors were refused or left unanswered within {minutes} min; then the sign-in from {ip} ({country}) was confirmed.',
    },
    'zh-TW': {
      title: '異常的雲端登入',
      description:
        '同一帳號在來不及移動的時間內自兩地成功登入（紀錄含座標時以時速 1,000 公里為限，否則為一小時內兩個國家）、自從未出現過的國家登入、服務供應商評為有風險的登入、以裝置代碼登入（在一部裝置輸入代碼，即登入另一部裝置），或多次拒絕第二要素驗證（最嚴重者為最後仍予確認）。地點以紀錄所載為準，不查詢任何位址資料庫。',
      needs: '載有地點（國家，含座標更佳）與結果的登入紀錄；判斷新國家時，需先有橫跨三天、至少十次的登入。',
      falsePositives:
        'VPN、行動網路與代理伺服器會顯示為其他地點；出差旅行。命令列工具、會議室裝置與電視會以裝置代碼登入。兩地為同一裝置，或相距不到 500 公里時略過。',
      'detection.impossible-travel': '自兩地登入，時間上不可能移動',
      'detection.new-country': '首次自某國家登入',
      'detection.risky-sign-in': '服務供應商評為有風險的登入',
      'detection.second-factor-refused': '多次拒絕第二要素驗證',
      'detection.second-factor-given-in': '多次拒絕第二要素驗證後仍予確認（MFA 疲勞攻擊）',
      'detection.device-code-sign-in': '以裝置代碼登入',
      'reason.device-code':
        '以裝置代碼自 {ip}（{country}）登入：索取代碼者取得工作階段，與在何處輸入無關。先前以裝置代碼登入的次數：{count}。',
      'reason.travel': '自 {before} 登入 {minutes} 分鐘後，又自 {country}（{ip}）登入。',
      'reason.journey':
        '自 {before} 登入 {minutes} 分鐘後，又自相距 {km} 公里的 {country}（{ip}）登入：時速 {kmh} 公里。',
      'reason.travel_earlier':
        '自 {country}（{ip}）登入 {minutes} 分鐘後，又自 {before} 以此帳號長期登入所用的裝置登入。',
      'reason.journey_earlier':
        '自 {country}（{ip}）登入 {minutes} 分鐘後，又自相距 {km} 公里的 {before}，以此帳號長期登入所用的裝置登入：時速 {kmh} 公里。',
      'reason.country': '首次自 {country}（{ip}）登入；先前 {count} 次登入均來自 {before}。',
      'reason.country_own_device':
        '首次自 {country}（{ip}）登入，使用的是此帳號長期登入所用的裝置；先前 {count} 次登入均來自 {before}。',
      'reason.risk': '服務供應商將自 {ip}（{country}）的登入評為有風險：{risk}。',
      'reason.denials': '{minutes} 分鐘內有 {count} 次第二要素驗證遭拒或未回應。',
      'reason.gave-in':
        '{minutes} 分鐘內有 {count} 次第二要素驗證遭拒或未回應，隨後自 {ip}（{country}）的登入獲得確認。',
    },
    ja: {
      title: '不審なクラウドサインイン',
      description:
        '1 つのアカウントが移動できない短時間に 2 か所からサインインに成功（座標のある記録では時速 1,000 km 超、なければ 1 時間以内に 2 か国）、これまでにない国からのサインイン、プロバイダーが危険と評価したサインイン、デバイスコードによるサインイン（1 台で入力したコードが別の 1 台をサインインさせる）、第 2 要素の度重なる拒否（最後に承認された場合が最も深刻）。場所は記録に書かれたものだけを使い、アドレスのデータベースは参照しません。',
      needs:
        '場所（国。座標があればなお良い）と結果を含むサインイン記録。新しい国の判定には、事前に 3 日以上にわたる 10 回以上のサインインが必要です。',
      falsePositives:
        'VPN、モバイル回線、プロキシは別の場所に見えることがあります。出張や旅行。コマンドライン、会議室の機器、テレビはデバイスコードでサインインします。同じデバイスの場合と、500 km 未満の場合は除きます。',
      'detection.impossible-travel': '移動できない 2 か所からのサインイン',
      'detection.new-country': '初めての国からのサインイン',
      'detection.risky-sign-in': 'プロバイダーが危険と評価したサインイン',
      'detection.second-factor-refused': '第 2 要素の度重なる拒否',
      'detection.second-factor-given-in': '第 2 要素の度重なる拒否の後に承認（MFA 疲労攻撃）',
      'detection.device-code-sign-in': 'デバイスコードによるサインイン',
      'reason.device-code':
        '{ip}（{country}）からデバイスコードでサインインしました。コードがどこで入力されても、セッションを得るのはコードを要求した側です。それまでのデバイスコードによるサインイン：{count} 回。',
      'reason.travel':
        '{before} からサインインし、{minutes} 分後に {country}（{ip}）からサインインしました。',
      'reason.journey':
        '{before} からサインインし、{minutes} 分後に {km} km 離れた {country}（{ip}）からサインインしました（時速 {kmh} km）。',
      'reason.travel_earlier':
        '{country}（{ip}）からサインインし、{minutes} 分後に {before} から、このアカウントが以前から使っているデバイスでサインインしました。',
      'reason.journey_earlier':
        '{country}（{ip}）からサインインし、{minutes} 分後に {km} km 離れた {before} から、このアカウントが以前から使っているデバイスでサインインしました（時速 {kmh} km）。',
      'reason.country':
        '{country}（{ip}）からの初めてのサインイン。それまでの {count} 回は {before} からでした。',
      'reason.country_own_device':
        '{country}（{ip}）からの初めてのサインイン。このアカウントが以前から使っているデバイスからです。それまでの {count} 回は {before} からでした。',
      'reason.risk': 'プロバイダーが {ip}（{country}）からのこのサインインを危険と評価しました：{risk}',
      'reason.denials': '{minutes} 分間に第 2 要素が {count} 回拒否または放置されました。',
      'reason.gave-in':
        '{minutes} 分間に第 2 要素が {count} 回拒否または放置され、その後 {ip}（{country}）からのサインインが承認されました。',
    },
  },
  matches: [
    {
      title: 'a device code, from a country the account never came from',
      items: [
        signIn(0, 'Taipei, Taiwan', '203.0.113.7'),
        signIn(20_000, 'Lagos, NG', '198.51.100.9', { protocol: 'deviceCode' }),
      ],
      finds: ['!device-code-sign-in: amber@corp.example'],
    },
    {
      title: 'two countries in twenty minutes, and a warning of the provider',
      items: [
        signIn(0, 'Taipei, Taiwan', '203.0.113.7'),
        signIn(1200, 'Lagos, NG', '198.51.100.9', { severity: 'high', userAgent: 'python' }),
      ],
      finds: ['!impossible-travel: amber@corp.example', '!risky-sign-in: amber@corp.example'],
    },
    {
      title: 'what Google calls suspicious',
      items: [signIn(0, '', '198.51.100.9', { location: undefined, severity: 'suspicious' })],
      finds: ['!risky-sign-in: amber@corp.example'],
    },
    {
      title: 'across one country and an ocean, by coordinates',
      items: [
        signIn(0, 'Boston, US', '203.0.113.7', { detail: 'coordinates: 42.36,-71.06' }),
        signIn(5400, 'Seattle, US', '198.51.100.9', { detail: 'coordinates: 47.61,-122.33' }),
      ],
      finds: ['!impossible-travel: amber@corp.example'],
    },
    {
      title: 'a place no device is known of, and minutes later the own device at home',
      items: [
        ...[-5, -4, -3, -2, -1].map((day) =>
          signIn(day * 86_400, 'Berlin, DE', '203.0.113.7', { hostId: OWN_DEVICE_ID }),
        ),
        signIn(0, 'Bucharest, RO', '198.51.100.9'),
        signIn(180, 'Berlin, DE', '203.0.113.7', { hostId: OWN_DEVICE_ID }),
      ],
      finds: ['!impossible-travel: amber@corp.example'],
    },
    {
      title: 'a new country after a week, and a second factor confirmed after six refusals',
      items: [
        ...Array.from({ length: 12 }, (_, place) =>
          signIn((place - 14) * 43_200, 'Taipei, TW', '203.0.113.7'),
        ),
        signIn(0, 'Porto, PT', '198.51.100.9'),
        ...[100, 160, 220, 280, 340, 400].map(denied),
        signIn(430, 'Porto, PT', '198.51.100.9'),
      ],
      finds: ['!new-country: amber@corp.example', '!second-factor-given-in: amber@corp.example'],
    },
  ],
  ignores: [
    {
      title: 'a new country after six sign-ins that two logs tell of: six are too few to know somebody by',
      items: [-5, -4, -3, -2, -1, 0].flatMap((day) => {
        const detail = `sign-in: 11111111-2222-4333-8444-00000000000${day + 5}`
        const [place, ip] = day === 0 ? ['Porto, PT', '198.51.100.9'] : ['Taipei, TW', '203.0.113.7']
        return [0, 1].map((later) => signIn(day * 86_400 + later, place ?? '', ip ?? '', { detail }))
      }),
      finds: [],
    },
    {
      title: 'over a border near by, and a flight that took its time, by coordinates',
      items: [
        signIn(0, 'Basel, CH', '203.0.113.8', { detail: 'coordinates: 47.56,7.59' }),
        signIn(600, 'Freiburg, DE', '198.51.100.12', { detail: 'coordinates: 47.99,7.85' }),
        signIn(15_000, 'Lisbon, PT', '198.51.100.13', { detail: 'coordinates: 38.72,-9.14' }),
      ],
      finds: [],
    },
    {
      title: 'one country in two spellings, a flight, a VPN on the same device, and one refused prompt',
      items: [
        signIn(0, 'Taipei, TW', '203.0.113.7'),
        signIn(600, 'Taichung, Taiwan', '203.0.113.8'),
        signIn(50_000, 'Tokyo, JP', '198.51.100.9', { hostId: OWN_DEVICE_ID }),
        signIn(50_900, 'Amsterdam, NL', '198.51.100.10', { hostId: OWN_DEVICE_ID }),
        denied(51_000),
        signIn(51_030, 'Amsterdam, NL', '198.51.100.10'),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    // Of sign-ins that would be one detection the surest stands for it, so that time, words and proof are of one.
    const best = new Map<string, DetectionDraft>()
    for (const odd of listOddSignIns(view)) {
      const draft = detect(odd)
      const id = `${draft.detection}|${odd.userId}|${draft.window ?? ''}`
      if (draft.confidence > (best.get(id)?.confidence ?? 0)) best.set(id, draft)
    }
    yield* best.values()
  },
}
export default rule

function detect(odd: OddSignIn): DetectionDraft {
  const [alone, backed] = LEVELS[odd.why]
  const sure = BASE[odd.why] + (odd.isBacked && odd.why !== 'gave-in' ? BACKED : 0)
  return {
    detection: NAMES[odd.why],
    level: odd.isOwnDevice ? 'low' : odd.isBacked ? backed : alone,
    subject: odd.userId,
    involved: odd.ip === undefined ? [] : [ipEntity(odd.ip)],
    window: windowOf(odd),
    at: odd.at,
    until: odd.until,
    confidence: Math.min(0.95, sure - (odd.isOwnDevice ? OWN_DEVICE : 0)),
    reason: reasonOf(odd),
    params: {
      ip: odd.ip ?? '?',
      country: odd.country ?? '?',
      before: odd.before ?? '?',
      minutes: odd.minutes,
      ...(odd.journey ?? {}),
      count: odd.count,
      risk: odd.risk ?? '?',
    },
    proof: odd.events.flatMap((event) => proofOf(event)),
  }
}

/** What tells detections of one account apart: the country, the burst of refusals, else day and address. */
function windowOf({ why, at, ip, country }: OddSignIn): string {
  if (why === 'country') return country ?? ''
  if (why === 'denials' || why === 'gave-in') return new Date(at / 1000).toISOString()
  return `${dayOf(at)} ${ip ?? ''}`
}

function reasonOf(odd: OddSignIn): string {
  if (odd.why === 'country' && odd.isOwnDevice) return 'country_own_device'
  if (odd.why !== 'travel') return odd.why
  return `${odd.journey ? 'journey' : 'travel'}${odd.isEarlier ? '_earlier' : ''}`
}

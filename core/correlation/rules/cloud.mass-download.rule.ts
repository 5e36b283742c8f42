import type { DetectionLevel } from '../../model/detection.ts'
import { dayOf } from '../accounts.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { runsOf } from '../logon-tries.ts'
import { minutesAfter, OddSignIns } from '../mailboxes.ts'
import type { DetectionDraft, Rule } from '../rule.ts'
import type { ViewEvent } from '../view.ts'

/** Files without a longer pause are one visit. */
const PAUSE_US = 1_800_000_000
/** A person opens fewer files in one visit. */
const MANY_FILES = 200
/** After an odd sign-in, fewer are enough. */
const SOME_FILES = 20
/** So many times the account's own usual visit. */
const TIMES_USUAL = 5
const MAX_PROOFS = 150

/** Operations by which files leave, and by which strangers get at them. */
const LEAVES =
  /^(?:filedownloaded|filesyncdownloadedfull|file(?:accessedextended)?downloaded|download file)\b/i
const SHARED =
  /^(?:anonymouslinkcreated|companylinkcreated|sharinglinkcreated|sharinginvitationcreated|addedtosecurelink)\b/i

interface Taken {
  readonly at: number
  readonly file: string
  readonly event: ViewEvent
}

/** Downloads of an example, one a second. */
function downloads(from: number, count: number, account: string, sourceIp: string) {
  return Array.from({ length: count }, (_, place) =>
    exampleEvent('cloud-activity', from + place, {
      host: undefined,
      account,
      sourceIp,
      action: 'FileDownloaded',
      target: `plan-${place}.docx`,
      outcome: 'success',
    }),
  )
}
function signIn(seconds: number, location: string, sourceIp: string) {
  return exampleEvent('cloud-sign-in', seconds, {
    host: undefined,
    account: 'amber@corp.example',
    sourceIp,
    location,
    outcome: 'success',
  })
}

const rule: Rule = {
  id: 'cloud.mass-download',
  order: 56,
  relations: [],
  detections: ['files-taken', 'link-for-everybody'],
  attack: ['T1530', 'T1567.002', 'T1213.002'],
  texts: {
    en: {
      title: 'Files taken from the cloud in mass',
      description:
        'One account downloaded very many files in one visit, several times its usual, or a smaller number after an odd sign-in; and links for everybody that were made after an odd sign-in.',
      needs:
        'Activities of SharePoint and OneDrive in the unified audit log (FileDownloaded, SharingLinkCreated, ...).',
      falsePositives:
        'A new computer that synchronises a library for the first time; backups; people who leave with their own files.',
      'detection.files-taken': 'Very many files downloaded in one visit',
      'detection.link-for-everybody': 'Link for others made after an odd sign-in',
      'reason.many':
        '{account} downloaded {files} files within {minutes} min from {ip}; its usual visit has {usual}.',
      'reason.odd':
        '{account} downloaded {files} files within {minutes} min from {ip}, {after} min after an odd sign-in ({country}).',
      'reason.link':
        '{account} made a link ({action}) to {file}, {after} min after an odd sign-in ({country}).',
    },
    'zh-TW': {
      title: '自雲端大量取走檔案',
      description:
        '某帳號在單次造訪中下載了極大量檔案（為其平日的數倍），或在異常登入後下載了較少量的檔案；以及異常登入後建立的分享連結。',
      needs: '整合稽核記錄中的 SharePoint 與 OneDrive 活動（FileDownloaded、SharingLinkCreated 等）。',
      falsePositives: '首次同步文件庫的新電腦；備份；離職時帶走自己檔案的人員。',
      'detection.files-taken': '單次造訪下載極大量檔案',
      'detection.link-for-everybody': '異常登入後建立分享連結',
      'reason.many': '{account} 在 {minutes} 分鐘內自 {ip} 下載了 {files} 個檔案；平日單次為 {usual} 個。',
      'reason.odd':
        '{account} 在異常登入（{country}）{after} 分鐘後，於 {minutes} 分鐘內自 {ip} 下載了 {files} 個檔案。',
      'reason.link': '{account} 在異常登入（{country}）{after} 分鐘後，為 {file} 建立了連結（{action}）。',
    },
    ja: {
      title: 'クラウドからの大量のファイル持ち出し',
      description:
        'あるアカウントが 1 回の訪問で普段の数倍にあたる極めて多数のファイルをダウンロードした、または不審なサインインの後に一定数をダウンロードしたことを示します。不審なサインインの後に作られた共有リンクも対象です。',
      needs: '統合監査ログの SharePoint・OneDrive の操作（FileDownloaded、SharingLinkCreated など）。',
      falsePositives:
        'ライブラリを初めて同期する新しい端末、バックアップ、自分のファイルを持って退職する人。',
      'detection.files-taken': '1 回の訪問での極めて多数のファイルのダウンロード',
      'detection.link-for-everybody': '不審なサインイン後の共有リンクの作成',
      'reason.many':
        '{account} が {minutes} 分間に {ip} から {files} 個のファイルをダウンロードしました。普段は 1 回に {usual} 個です。',
      'reason.odd':
        '{account} が不審なサインイン（{country}）の {after} 分後、{minutes} 分間に {ip} から {files} 個のファイルをダウンロードしました。',
      'reason.link':
        '{account} が不審なサインイン（{country}）の {after} 分後に {file} へのリンク（{action}）を作成しました。',
    },
  },
  matches: [
    {
      title: 'thirty files and a link after two countries in ten minutes; 400 files of somebody else',
      items: [
        signIn(0, 'Taipei, TW', '203.0.113.7'),
        signIn(600, 'Lagos, NG', '198.51.100.9'),
        ...downloads(900, 30, 'amber@corp.example', '198.51.100.9'),
        exampleEvent('cloud-activity', 1000, {
          host: undefined,
          account: 'amber@corp.example',
          sourceIp: '198.51.100.9',
          action: 'AnonymousLinkCreated',
          target: 'plan.docx',
        }),
        ...downloads(0, 400, 'basil@corp.example', '203.0.113.8'),
      ],
      finds: [
        '!files-taken: amber@corp.example',
        '!link-for-everybody: amber@corp.example',
        '!files-taken: basil@corp.example',
      ],
    },
  ],
  ignores: [
    {
      title: 'thirty files on an ordinary day, and somebody whose every visit is large',
      items: [
        ...downloads(0, 30, 'amber@corp.example', '203.0.113.7'),
        ...[0, 10_000, 20_000, 30_000].flatMap((from) =>
          downloads(from, 250, 'backup@corp.example', '203.0.113.9'),
        ),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const byUser = new Map<number, Taken[]>()
    let odd: OddSignIns | undefined
    for (const event of view.events(
      ['cloud-activity'],
      ['account', 'action', 'target', 'sourceIp', 'outcome'],
    )) {
      const { action = '', target = '', outcome } = event.fields
      if (event.at === null || event.userId === null || outcome === 'failure') continue
      if (LEAVES.test(action)) {
        const list = byUser.get(event.userId) ?? []
        byUser.set(event.userId, list)
        list.push({ at: event.at, file: target, event })
      } else if (SHARED.test(action)) {
        odd ??= new OddSignIns(view)
        yield* linked(odd, event, event.at, event.userId)
      }
    }
    for (const [userId, taken] of byUser) {
      const visits = [...runsOf(taken, PAUSE_US)]
      const sizes = visits.map((visit) => visit.length).sort((a, b) => a - b)
      for (const visit of visits) {
        if (visit.length < SOME_FILES) continue
        odd ??= new OddSignIns(view)
        yield* judge(odd, userId, visit, visits.length > 1 ? (sizes[(sizes.length - 1) >> 1] ?? 0) : 0)
      }
    }
  },
}
export default rule

function* judge(
  odd: OddSignIns,
  userId: number,
  visit: readonly Taken[],
  usual: number,
): Generator<DetectionDraft> {
  const [first] = visit
  const last = visit.at(-1)
  if (!first || !last) return
  const files = new Set(visit.map((one) => one.file)).size
  const sign = odd.before(first.event)
  if (files < (sign ? SOME_FILES : Math.max(MANY_FILES, usual * TIMES_USUAL))) return
  const { account = '?', sourceIp } = first.event.fields
  const isMany = files >= MANY_FILES
  const level: DetectionLevel =
    sign && !sign.isWeak ? (isMany ? 'critical' : 'high') : sign && isMany ? 'high' : 'medium'
  yield {
    detection: 'files-taken',
    level,
    subject: userId,
    involved: sourceIp === undefined ? [] : [ipEntity(sourceIp)],
    window: `${first.at}`,
    at: first.at,
    until: last.at,
    confidence: sign && !sign.isWeak ? 0.85 : 0.6,
    reason: sign ? 'odd' : 'many',
    params: {
      account,
      files,
      minutes: Math.max(1, Math.round((last.at - first.at) / 60e6)),
      ip: sourceIp ?? '?',
      usual,
      after: minutesAfter(first.at, sign?.until),
      country: sign?.country ?? '?',
    },
    proof: visit.slice(0, MAX_PROOFS).flatMap((one) => proofOf(one.event)),
  }
}

function* linked(odd: OddSignIns, event: ViewEvent, at: number, userId: number): Generator<DetectionDraft> {
  const sign = odd.before(event)
  if (!sign) return
  const { account = '?', action = '?', target = '?', sourceIp } = event.fields
  yield {
    detection: 'link-for-everybody',
    level: sign.isWeak ? 'low' : 'medium',
    subject: userId,
    involved: sourceIp === undefined ? [] : [ipEntity(sourceIp)],
    window: dayOf(at),
    at,
    confidence: sign.isWeak ? 0.5 : 0.7,
    reason: 'link',
    params: {
      account,
      action,
      file: target,
      after: minutesAfter(at, sign.until),
      country: sign.country ?? '?',
    },
    proof: proofOf(event),
  }
}

import type { DetectionLevel } from '../../model/detection.ts'
import { baseName } from '../../normalise/path.ts'
import { programOf } from '../command-line.ts'
import { fileOn, proofOf, service } from '../drafts.ts'
import { type DriverReason, isProtection, oddDriver } from '../drivers.ts'
import { exampleEvent } from '../example.ts'
import type { EntityDraft, EntityHandle, Find, Rule } from '../rule.ts'
import { serviceOrders } from '../service-orders.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

const LEVELS: Readonly<Record<DriverReason, readonly [DetectionLevel, number]>> = {
  abused: ['high', 0.88],
  writable: ['high', 0.8],
  elsewhere: ['medium', 0.6],
  known_installed: ['low', 0.4],
  unpacked: ['low', 0.4],
}
/** Protection that ends so soon after such a driver was ended by it. */
const KILLED = 0.85
const KILL_US = 3_600_000_000
/** Odd drivers held per endpoint. Attack: a service a second. */
const MAX_DRIVERS = 100
/** Ends of protection that are cited. */
const MAX_CITED = 20

interface OddDriver {
  readonly at: number
  readonly file: EntityDraft
}

const rule: Rule = {
  id: 'privilege.driver',
  order: 43,
  scope: 'endpoint',
  relations: [],
  detections: ['odd-driver', 'protection-ended'],
  attack: ['T1068', 'T1543.003', 'T1562.001'],
  attackOf: { 'odd-driver': ['T1068', 'T1543.003'], 'protection-ended': ['T1562.001'] },
  texts: {
    en: {
      title: 'Drivers brought along',
      description:
        'A kernel driver was installed or loaded from a folder users may write to, or is one of those with a known way in that intruders bring along (by name outside its product, or by hash under any name). Told again where protection of the endpoint ended within an hour after it.',
      needs:
        'Service records (System 7045, Security 4697) or loaded drivers (Sysmon 6, DeviceEvents); ends of processes (Sysmon 5, 4689) or of services (System 7034) for protection that ended.',
      falsePositives:
        'Tools that read out hardware or memory unpack a driver into a temporary folder (known ones are rated low); updates of protection products end their processes.',
      'detection.odd-driver': 'A kernel driver was brought along',
      'detection.protection-ended': 'Protection ended after a driver was brought along',
      'reason.abused': 'The kernel driver {path} is known for being brought along by intruders ({known}).',
      'reason.writable':
        'The kernel driver {path} lies in a folder where no driver is installed and users may write.',
      'reason.elsewhere':
        'The kernel driver {path} lies outside the folders of Windows and installed programs.',
      'reason.known_installed':
        'The kernel driver {path} has a known way in; it lies among the installed drivers, as its product puts it.',
      'reason.unpacked':
        'The kernel driver {path} is unpacked there by a tool for hardware or memory each time it runs.',
      'reason.ended': '{name} ended {seconds} s after the kernel driver {driver} came.',
    },
    'zh-TW': {
      title: '自帶的驅動程式',
      description:
        '核心驅動程式自使用者可寫入的資料夾安裝或載入，或為攻擊者常自帶且具已知弱點者（產品以外的位置依名稱，或不論名稱依雜湊辨識）。若其後一小時內端點防護終止，另行提示。',
      needs:
        '服務紀錄（系統 7045、安全性 4697）或驅動程式載入（Sysmon 6、DeviceEvents）；防護終止需處理程序結束（Sysmon 5、4689）或服務終止（系統 7034）。',
      falsePositives:
        '讀取硬體或記憶體的工具會將驅動程式解壓縮至暫存資料夾（已知者列為低度）；防護產品更新時會結束其處理程序。',
      'detection.odd-driver': '自帶了核心驅動程式',
      'detection.protection-ended': '自帶驅動程式後防護終止',
      'reason.abused': '核心驅動程式 {path} 為攻擊者常自帶者（{known}）。',
      'reason.writable': '核心驅動程式 {path} 位於不會安裝驅動程式且使用者可寫入的資料夾。',
      'reason.elsewhere': '核心驅動程式 {path} 位於 Windows 與已安裝程式的資料夾之外。',
      'reason.known_installed':
        '核心驅動程式 {path} 具已知弱點；位於已安裝的驅動程式中，與其產品的放置方式相同。',
      'reason.unpacked': '核心驅動程式 {path} 由硬體或記憶體工具每次執行時解壓縮至該處。',
      'reason.ended': '{name} 在核心驅動程式 {driver} 出現 {seconds} 秒後終止。',
    },
    ja: {
      title: '持ち込まれたドライバー',
      description:
        'カーネルドライバーが、ユーザーが書き込めるフォルダーからインストールまたは読み込まれた、または攻撃者が持ち込むことで知られる弱点を持つものでした（製品の外では名前、名前が変わっていてもハッシュで判別）。その後 1 時間以内に端末の保護が終了した場合は、それも示します。',
      needs:
        'サービスの記録（システム 7045、セキュリティ 4697）またはドライバーの読み込み（Sysmon 6、DeviceEvents）。保護の終了には、プロセスの終了（Sysmon 5、4689）またはサービスの終了（システム 7034）。',
      falsePositives:
        'ハードウェアやメモリを読むツールは一時フォルダーにドライバーを展開します（既知のものは低とします）。保護製品の更新もプロセスを終了させます。',
      'detection.odd-driver': 'カーネルドライバーが持ち込まれた',
      'detection.protection-ended': 'ドライバーの持ち込み後に保護が終了した',
      'reason.abused': 'カーネルドライバー {path} は、攻撃者が持ち込むことで知られています（{known}）。',
      'reason.writable':
        'カーネルドライバー {path} は、ドライバーがインストールされず、ユーザーが書き込めるフォルダーにあります。',
      'reason.elsewhere':
        'カーネルドライバー {path} は、Windows やインストール済みプログラムのフォルダーの外にあります。',
      'reason.known_installed':
        'カーネルドライバー {path} には既知の弱点がありますが、製品が置くとおりインストール済みドライバーの中にあります。',
      'reason.unpacked':
        'カーネルドライバー {path} は、ハードウェアやメモリのツールが実行のたびにそこへ展開するものです。',
      'reason.ended': '{name} は、カーネルドライバー {driver} が現れてから {seconds} 秒後に終了しました。',
    },
  },
  matches: [
    {
      title:
        'a vulnerable driver out of a temporary folder, one under another name, and the scanner that ended',
      items: [
        exampleEvent('service-install', 0, {
          target: 'RTCore64',
          detail: '\\??\\C:\\Windows\\Temp\\rtcore64.sys',
        }),
        exampleEvent('driver-load', 5, { target: 'C:\\Users\\Public\\x.sys' }),
        exampleEvent('process-end', 60, {
          processPath: 'C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18\\MsMpEng.exe',
          pid: 9,
        }),
      ],
      finds: ['!odd-driver: rtcore64.sys', '!odd-driver: x.sys', '!protection-ended: WS-01'],
    },
  ],
  ignores: [
    {
      title: 'installed drivers, a service that is none, and a scanner that ends by itself',
      items: [
        exampleEvent('driver-load', 0, { target: 'C:\\Windows\\System32\\drivers\\nvlddmkm.sys' }),
        exampleEvent('driver-load', 1, { target: 'C:\\Program Files (x86)\\MSI Afterburner\\RTCore64.sys' }),
        exampleEvent('service-install', 2, {
          target: 'LGHUB',
          detail: '\\??\\C:\\Program Files\\LGHUB\\logi_driver.sys',
        }),
        exampleEvent('service-install', 3, { target: 'X', detail: 'C:\\ProgramData\\x\\x.exe' }),
        exampleEvent('process-end', 60, {
          processPath: 'C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18\\MsMpEng.exe',
          pid: 9,
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const drivers = new Map<number, OddDriver[]>()
    for (const event of view.events(['service-install', 'driver-load'], ['target', 'detail', 'sha256'])) {
      const { target, detail, sha256 } = event.fields
      if (event.endpointId === null || target === undefined) continue
      const isService = event.kind === 'service-install'
      const path = isService ? programOf(detail ?? '') : target
      if (path === undefined || (isService && !/\.sys$/i.test(path))) continue
      const odd = oddDriver(path, isService ? undefined : sha256)
      if (!odd) continue
      const host = view.entity(event.endpointId)
      const file = fileOn(host, path, isService ? {} : event.fields)
      const [level, confidence] = LEVELS[odd.reason]
      yield {
        detection: 'odd-driver',
        level,
        subject: file,
        involved: [
          event.endpointId,
          ...(isService
            ? [
                service(host, target, detail),
                ...serviceOrders(view, event.endpointId, target, event.at).map(({ draft }) => draft),
              ]
            : []),
        ],
        at: event.at,
        confidence,
        reason: odd.reason,
        params: { path, known: odd.known ?? baseName(path) },
        proof: proofOf(event),
      }
      const held = drivers.get(event.endpointId) ?? []
      drivers.set(event.endpointId, held)
      const isTelling = level === 'high' || level === 'medium'
      if (isTelling && event.at !== null && held.length < MAX_DRIVERS) held.push({ at: event.at, file })
    }
    if ([...drivers.values()].some((held) => held.length > 0)) yield* ended(view, drivers)
  },
}
export default rule

/** Protection that ended within an hour after such a driver. */
function* ended(view: CorrelationView, drivers: ReadonlyMap<number, readonly OddDriver[]>): Generator<Find> {
  const cited = new Map<EntityHandle, number>()
  for (const event of view.events(
    ['process-end', 'service-change'],
    ['processPath', 'target', 'action', 'pid', 'processGuid'],
  )) {
    const name = endedName(event)
    const { at, endpointId } = event
    if (name === undefined || at === null || endpointId === null || !isProtection(name)) continue
    const driver = drivers.get(endpointId)?.findLast((one) => one.at <= at && at - one.at <= KILL_US)
    const count = cited.get(endpointId) ?? 0
    if (!driver || count >= MAX_CITED) continue
    cited.set(endpointId, count + 1)
    const process = event.kind === 'process-end' ? view.processes.actorOf(event) : undefined
    yield {
      detection: 'protection-ended',
      level: 'high',
      subject: endpointId,
      involved: [driver.file, ...(process ? [process.draft] : [])],
      window: driver.file.key,
      at,
      confidence: KILLED,
      reason: 'ended',
      params: { name: baseName(name), driver: driver.file.name, seconds: Math.round((at - driver.at) / 1e6) },
      proof: proofOf(event),
    }
  }
}

/** A process that ended, or a service that the service manager says ended unexpectedly (System 7031, 7034). */
function endedName({ kind, fields }: ViewEvent): string | undefined {
  if (kind === 'process-end') return fields.processPath
  return fields.action === 'crashed' ? fields.target : undefined
}

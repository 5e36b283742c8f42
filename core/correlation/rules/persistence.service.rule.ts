import { programOf } from '../command-line.ts'
import { toRegistryPath, serviceOfKey } from '../autostart-keys.ts'
import { COMMAND_SIGN_TEXTS, judgeCommand } from '../command-signs.ts'
import { fileOn, proofOf, service } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { weighFresh } from '../fresh-programs.ts'
import { serviceOrders } from '../service-orders.ts'
import type { DetectionDraft, EntityDraft, Find, RelationDraft, Rule } from '../rule.ts'
import { isInSystemFolder } from '../system-folders.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The service manager itself reports the new service. */
const REPORTED = 0.97
/** The service manager set the program of a service: new, or changed. */
const BY_REGISTRY = 0.85
/** A command that creates a service of that name ran right before. */
const BY_COMMAND = 0.9
/** Defender loads a driver of this name with every definition update and removes it again. */
const DEFINITION_DRIVER = /^MpKsl[0-9a-z]{8}$/i

const rule: Rule = {
  id: 'persistence.service',
  order: 31,
  relations: ['installed-service', 'located-on'],
  detections: ['odd_service'],
  scope: 'endpoint',
  attack: ['T1543.003', 'T1569.002', 'T1134.001'],
  texts: {
    en: {
      title: 'Installed services',
      description:
        'A service was installed on an endpoint, with the process that ordered it where a matching command ran right before. Services whose program lies outside the folders of Windows bring that file in.',
      needs: 'Service records (System 7045, Security 4697), or Sysmon 13 for the program of a service.',
      falsePositives:
        'Software deployment and remote administration install services every day, some of them (PsExec) for seconds. A detection is made only where the command of the service is odd; portable tools of administrators run from user folders, too.',
      'detection.odd_service': 'A service with an odd program was installed',
      'reason.windows_root':
        '{name} runs a program that lies directly in the folder of Windows, as remote execution tools leave it: {command}',
      ...COMMAND_SIGN_TEXTS.en,
      'reason.installed': 'The service manager reported the new service; it runs {image}.',
      'reason.registry': 'The service manager set the program of the service to {image}.',
      'reason.command': '{program} ran a command that installs this service right before it appeared.',
      'reason.image_host': 'A service of this endpoint is set to run this file.',
    },
    'zh-TW': {
      title: '安裝的服務',
      description:
        '端點上安裝了服務；若之前有對應的命令執行，一併列出下達命令的處理程序。服務程式位於 Windows 資料夾之外時，一併帶入該檔案。',
      needs: '服務紀錄（系統 7045、安全性 4697），或 Sysmon 13 的服務程式設定。',
      falsePositives:
        '軟體派送與遠端管理每天都會安裝服務，有些（如 PsExec）僅存在數秒。僅在服務的命令異常時才列為偵測結果；管理員的免安裝工具也會從使用者資料夾執行。',
      'detection.odd_service': '安裝了程式可疑的服務',
      'reason.windows_root': '{name} 執行的程式直接位於 Windows 資料夾，遠端執行工具常這樣放置：{command}',
      ...COMMAND_SIGN_TEXTS['zh-TW'],
      'reason.installed': '服務管理員回報新服務，執行 {image}。',
      'reason.registry': '服務管理員將服務的程式設為 {image}。',
      'reason.command': '{program} 在此服務出現前執行了安裝該服務的命令。',
      'reason.image_host': '此端點的服務設定為執行此檔案。',
    },
    ja: {
      title: 'インストールされたサービス',
      description:
        'エンドポイントにサービスがインストールされました。直前に該当するコマンドが実行されていれば、そのプロセスも示します。サービスのプログラムが Windows のフォルダーの外にある場合は、そのファイルも取り上げます。',
      needs:
        'サービスの記録（システム 7045、セキュリティ 4697）、またはサービスのプログラムを示す Sysmon 13。',
      falsePositives:
        'ソフトウェア配布やリモート管理は日常的にサービスをインストールし、PsExec のように数秒で消えるものもあります。検知とするのはサービスのコマンドが不審な場合だけですが、管理者のポータブルツールがユーザーのフォルダーから動くこともあります。',
      'detection.odd_service': '不審なプログラムのサービスがインストールされた',
      'reason.windows_root':
        '{name} は Windows フォルダー直下のプログラムを実行します。リモート実行ツールがよく置く場所です：{command}',
      ...COMMAND_SIGN_TEXTS.ja,
      'reason.installed': 'サービスマネージャーが新しいサービスを報告しました。実行されるのは {image} です。',
      'reason.registry': 'サービスマネージャーがサービスのプログラムを {image} に設定しました。',
      'reason.command':
        'サービスが現れる直前に、{program} がこのサービスをインストールするコマンドを実行しました。',
      'reason.image_host': 'このエンドポイントのサービスがこのファイルを実行するよう設定されています。',
    },
  },
  matches: [
    {
      title: 'a new service, ordered by sc.exe, and one seen only in the registry',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\sc.exe',
          pid: 5,
          commandLine: 'sc create HPSvcHost binPath= C:\\ProgramData\\hp.exe',
        }),
        exampleEvent('service-install', 1, { target: 'HPSvcHost', detail: 'C:\\ProgramData\\hp.exe' }),
        exampleEvent('registry-set', 90, {
          processPath: 'C:\\Windows\\System32\\services.exe',
          pid: 7,
          target: 'HKLM\\System\\CurrentControlSet\\Services\\abc\\ImagePath',
          detail: '%SystemRoot%\\abc.exe',
        }),
      ],
      finds: [
        'installed-service: WS-01 -> HPSvcHost',
        'installed-service: sc.exe -> HPSvcHost',
        'located-on: hp.exe -> WS-01',
        'installed-service: WS-01 -> abc',
        '!odd_service: HPSvcHost',
        '!odd_service: abc',
      ],
    },
    {
      title: 'a service that hands its token to a pipe',
      items: [
        exampleEvent('service-install', 0, {
          target: 'tbbd05',
          detail: '%COMSPEC% echo /c b6a1458f396 > \\\\.\\pipe\\334485',
        }),
      ],
      finds: ['!odd_service: tbbd05'],
    },
  ],
  ignores: [
    {
      title: 'a service that only starts, and settings written by others',
      items: [
        exampleEvent('service-change', 0, { target: 'Spooler', action: 'running' }),
        exampleEvent('registry-set', 1, {
          processPath: 'C:\\x\\setup.exe',
          pid: 7,
          target: 'HKLM\\System\\CurrentControlSet\\Services\\abc\\Start',
          detail: 'DWORD (0x00000002)',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    for (const event of view.events(
      ['service-install', 'registry-set'],
      ['target', 'detail', 'processPath'],
    )) {
      const { target, detail, processPath } = event.fields
      if (event.endpointId === null || target === undefined) continue
      const isReport = event.kind === 'service-install'
      const name = isReport
        ? target
        : /\\services\.exe$/i.test(processPath ?? '')
          ? serviceOfKey(`\\${toRegistryPath(target)}`)
          : undefined
      if (name === undefined || (DEFINITION_DRIVER.test(name) && /\\windows defender\\/i.test(detail ?? '')))
        continue
      const host = view.entity(event.endpointId)
      const to = service(host, name, detail)
      const proof = proofOf(event)
      yield {
        kind: 'installed-service',
        from: event.endpointId,
        to,
        at: event.at,
        confidence: isReport ? REPORTED : BY_REGISTRY,
        reason: isReport ? 'installed' : 'registry',
        params: { image: (detail ?? '?').slice(0, 300) },
        proof,
      }
      const odd = oddService(view, event, event.endpointId, to, name, detail)
      if (odd) yield odd
      const image = detail === undefined ? undefined : programOf(detail)
      if (image !== undefined && !isInSystemFolder(image))
        yield {
          kind: 'located-on',
          from: fileOn(host, image),
          to: event.endpointId,
          at: event.at,
          confidence: BY_REGISTRY,
          reason: 'image_host',
          proof,
        }
      for (const process of serviceOrders(view, event.endpointId, name, event.at)) {
        const draft: RelationDraft = {
          kind: 'installed-service',
          from: process.draft,
          to,
          at: event.at,
          confidence: BY_COMMAND,
          reason: 'command',
          params: { program: process.draft.name },
          proof,
        }
        yield process.event ? { ...draft, proof: [...proofOf(process.event), ...proof] } : draft
      }
    }
  },
}
export default rule

/** Programs of Windows and of its makers in the folder itself; everything else there was put by hand. */
const IN_WINDOWS_ROOT =
  /^c:\\windows\\(?:explorer|hh|notepad|regedit|splwow64|write|winhlp32|bfsvc|helppane|sysmon(?:64|64a)?)\.exe$/i

/** Services that tools of administrators for remote execution install for the moment of their use. */
const REMOTE_TOOLS = /\\(?:psexesvc|paexec[^\\]*|csexecsvc|remcomsvc|pdqdeployrunner[^\\]*)\.exe$/i

/** What is odd about the command of a service: a service that is a shell is odder than a run key or task that is one. */
function oddService(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  subject: EntityDraft,
  name: string,
  command: string | undefined,
): DetectionDraft | undefined {
  if (command === undefined) return undefined
  const base = {
    detection: 'odd_service',
    subject,
    involved: [endpointId],
    at: event.at,
    params: { name, command: command.slice(0, 300) },
    proof: proofOf(event),
  }
  const judged = weighFresh(view, endpointId, event.at, command, judgeCommand(command))
  if (judged)
    return {
      ...base,
      level: judged.sign === 'script' ? 'high' : judged.level,
      confidence: judged.sign === 'script' ? 0.8 : judged.confidence,
      reason: `sign_${judged.sign}`,
    }
  const image = programOf(command)
  return image !== undefined && /^c:\\windows\\[^\\]+\.exe$/i.test(image) && !IN_WINDOWS_ROOT.test(image)
    ? {
        ...base,
        level: REMOTE_TOOLS.test(image) ? 'low' : 'medium',
        confidence: 0.6,
        reason: 'windows_root',
      }
    : undefined
}

import { baseName } from '../../normalise/path.ts'
import { judgeAutostart } from '../autostart-danger.ts'
import { type AutostartKind, autostartKindOf, serviceOfKey, toRegistryPath } from '../autostart-keys.ts'
import { COMMAND_SIGN_TEXTS } from '../command-signs.ts'
import { proofOf, registryKey } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { weighFresh } from '../fresh-programs.ts'
import { wroteItself } from '../own-writes.ts'
import type { ProcessFact } from '../process-index.ts'
import { orderedValues } from '../registry-commands.ts'
import type { Find, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The record names writer, key and value. Whether it serves an intruder is not what the relation says. */
const RECORDED = 0.97
/** Without the process, only the endpoint is known. */
const NO_PROCESS = 0.9
/** The command was seen, the write itself was not (no registry auditing): it may have failed. */
const BY_COMMAND = 0.75
/** The program behind the object was written by the one that registers it, and that is no installer. */
const PLANTED = 0.82
const MAX_VALUE = 200
const USER = 'HKU\\S-1-5-21-1004336348-1177238915-682003330-1105'

/** What a program set to start, or put in another's stead, at a place stands for. */
const STARTS: Readonly<Record<AutostartKind, readonly string[]>> = {
  run: ['T1547.001'],
  'startup-folder': ['T1547.001'],
  winlogon: ['T1547.004'],
  'image-options': ['T1546.012'],
  service: ['T1543.003'],
  'shell-open': ['T1546.001', 'T1548.002'],
  com: ['T1546.015'],
  'logon-script': ['T1037.001'],
  'library-load': ['T1546.010'],
  authentication: ['T1547.002'],
  'screen-saver': ['T1546.002'],
  'active-setup': ['T1547.014'],
  office: ['T1137.006'],
  accessibility: ['T1546.008'],
  'remote-access': ['T1112'],
  protection: ['T1562.001'],
}
/** Where protection was weakened, the registry was changed; for antivirus there is a technique of its own. */
const ofWeakened = (place: string): readonly string[] => [place === 'protection' ? 'T1562.001' : 'T1112']

const attackOfPlaces = (): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(STARTS).flatMap(([place, techniques]) => [
      [`autostart/${place}`, techniques],
      [`hijack/${place}`, techniques],
      [`weakened/${place}`, ofWeakened(place)],
    ]),
  )

const rule: Rule = {
  id: 'persistence.registry',
  order: 30,
  relations: ['wrote-registry'],
  detections: ['autostart', 'hijack', 'weakened'],
  scope: 'endpoint',
  attack: [
    'T1547.001',
    'T1547.004',
    'T1546.012',
    'T1546.015',
    'T1548.002',
    'T1037.001',
    'T1546.010',
    'T1547.002',
    'T1112',
    'T1562.001',
    'T1546.008',
    'T1546.001',
    'T1543.003',
    'T1546.002',
    'T1547.014',
    'T1137.006',
  ],
  attackOf: attackOfPlaces(),
  texts: {
    en: {
      title: 'Registry values that start programs or open doors',
      description:
        'Values written to places of the registry from which Windows starts programs or loads libraries, or which switch off protection: run keys, Winlogon, image options, services, file and COM handlers, logon scripts, authentication packages, remote desktop and antivirus settings.',
      needs:
        'Registry records: Sysmon 13 and 14, or Security 4657 where auditing is set; command lines of reg.exe and PowerShell stand in where there are none.',
      falsePositives:
        'Installers and administration tools write the same places; a detection is made only where the value itself is odd. Developers set debuggers, administrators open remote desktop and exclude folders from scans. Service settings written by the service manager itself are told by the rule for services.',
      'detection.autostart': 'A program was set to start again',
      'detection.hijack': 'Windows was made to run or load something else',
      'detection.weakened': 'Protection was weakened in the registry',
      'reason.command':
        '{program} ran a command that writes this value; the write itself was not recorded. Value: {value}',
      ...COMMAND_SIGN_TEXTS.en,
      'reason.run': 'Programs named here start at every logon. Value: {value}',
      'reason.startup-folder': 'Moves the folder from which programs start at logon. Value: {value}',
      'reason.winlogon': 'Windows runs what stands here at logon. Value: {value}',
      'reason.image-options':
        'Makes Windows run another program instead of, or after, the named one. Value: {value}',
      'reason.service': 'Sets the program or library of a service. Value: {value}',
      'reason.shell-open':
        'Changes what runs when something of this kind is opened; also used to gain rights without asking. Value: {value}',
      'reason.planted':
        'Sets the program or library behind a COM object to a file that the same process had written minutes before. Value: {value}',
      'reason.com': 'Sets the program or library behind a COM object. Value: {value}',
      'reason.logon-script': 'Sets a script that runs at logon. Value: {value}',
      'reason.library-load': 'Windows loads libraries named here into other processes. Value: {value}',
      'reason.authentication': 'Changes how Windows keeps or checks passwords. Value: {value}',
      'reason.screen-saver': 'Sets the program that runs as screen saver. Value: {value}',
      'reason.active-setup': 'Runs once for every user at logon. Value: {value}',
      'reason.office': 'Loads an add-in or loosens the security of Office. Value: {value}',
      'reason.accessibility': 'Sets a program that starts from the sign-in screen. Value: {value}',
      'reason.remote-access': 'Changes who may reach the endpoint by remote desktop. Value: {value}',
      'reason.protection': 'Changes or switches off protection. Value: {value}',
    },
    'zh-TW': {
      title: '啟動程式或打開門戶的登錄值',
      description:
        '寫入登錄中會讓 Windows 啟動程式、載入程式庫或關閉防護的位置：Run 機碼、Winlogon、映像檔選項、服務、檔案與 COM 處理常式、登入指令碼、驗證套件、遠端桌面與防毒設定。',
      needs:
        '登錄紀錄：Sysmon 13 與 14，或已設定稽核的安全性 4657；若無，則以 reg.exe 與 PowerShell 的命令列代替。',
      falsePositives:
        '安裝程式與管理工具也會寫入相同位置，僅在值本身異常時才列為偵測結果。開發人員會設定偵錯工具，管理員會開啟遠端桌面或將資料夾排除在掃描之外。由服務管理員自行寫入的服務設定，由服務規則處理。',
      'detection.autostart': '設定程式自動啟動',
      'detection.hijack': '讓 Windows 改為執行或載入其他內容',
      'detection.weakened': '透過登錄削弱防護',
      'reason.command': '{program} 執行了寫入此值的命令，但沒有寫入動作本身的紀錄。值：{value}',
      ...COMMAND_SIGN_TEXTS['zh-TW'],
      'reason.run': '此處所列程式會在每次登入時啟動。值：{value}',
      'reason.startup-folder': '變更登入時啟動程式的資料夾。值：{value}',
      'reason.winlogon': 'Windows 會在登入時執行此處的內容。值：{value}',
      'reason.image-options': '讓 Windows 改執行（或在結束後另外執行）其他程式。值：{value}',
      'reason.service': '設定服務的程式或程式庫。值：{value}',
      'reason.shell-open': '變更開啟此類項目時執行的程式，也用於未經詢問取得權限。值：{value}',
      'reason.planted': '將 COM 物件背後的程式或程式庫設為同一處理程序數分鐘前寫入的檔案。值：{value}',
      'reason.com': '設定 COM 物件背後的程式或程式庫。值：{value}',
      'reason.logon-script': '設定登入時執行的指令碼。值：{value}',
      'reason.library-load': 'Windows 會將此處所列的程式庫載入其他處理程序。值：{value}',
      'reason.authentication': '變更 Windows 保存或驗證密碼的方式。值：{value}',
      'reason.screen-saver': '設定作為螢幕保護裝置執行的程式。值：{value}',
      'reason.active-setup': '每位使用者登入時執行一次。值：{value}',
      'reason.office': '載入 Office 增益集或放寬 Office 安全性。值：{value}',
      'reason.accessibility': '設定可從登入畫面啟動的程式。值：{value}',
      'reason.remote-access': '變更可透過遠端桌面連線至此端點的條件。值：{value}',
      'reason.protection': '變更或關閉防護。值：{value}',
    },
    ja: {
      title: 'プログラムの起動や侵入口につながるレジストリ値',
      description:
        'Windows がプログラムを起動したりライブラリを読み込んだりする場所、または保護を無効にする場所への書き込み。Run キー、Winlogon、イメージオプション、サービス、ファイルや COM のハンドラー、ログオンスクリプト、認証パッケージ、リモートデスクトップ、ウイルス対策の設定を対象とします。',
      needs:
        'レジストリの記録（Sysmon 13・14、または監査を設定したセキュリティ 4657）。ない場合は reg.exe と PowerShell のコマンドラインで補います。',
      falsePositives:
        'インストーラーや管理ツールも同じ場所に書き込みます。検知とするのは値そのものが不審な場合だけです。開発者はデバッガーを設定し、管理者はリモートデスクトップを有効にしたりフォルダーをスキャンから除外したりします。サービスマネージャー自身が書き込むサービスの設定は、サービスのルールで扱います。',
      'detection.autostart': 'プログラムが自動起動するよう設定された',
      'detection.hijack': 'Windows に別のものを実行または読み込ませる設定',
      'detection.weakened': 'レジストリで保護が弱められた',
      'reason.command':
        '{program} がこの値を書き込むコマンドを実行しました。書き込み自体の記録はありません。値：{value}',
      ...COMMAND_SIGN_TEXTS.ja,
      'reason.run': 'ここに記されたプログラムはログオンのたびに起動します。値：{value}',
      'reason.startup-folder': 'ログオン時にプログラムが起動するフォルダーを変更します。値：{value}',
      'reason.winlogon': 'ここに記されたものは Windows がログオン時に実行します。値：{value}',
      'reason.image-options':
        '対象のプログラムの代わり、または終了後に別のプログラムを実行させます。値：{value}',
      'reason.service': 'サービスのプログラムまたはライブラリを設定します。値：{value}',
      'reason.shell-open':
        'この種類の項目を開いたときに実行されるものを変更します。確認なしに権限を得る手口にも使われます。値：{value}',
      'reason.planted':
        'COM オブジェクトの実体を、同じプロセスが数分前に書き込んだファイルに設定します。値：{value}',
      'reason.com': 'COM オブジェクトの実体となるプログラムまたはライブラリを設定します。値：{value}',
      'reason.logon-script': 'ログオン時に実行されるスクリプトを設定します。値：{value}',
      'reason.library-load': 'ここに記されたライブラリは、Windows が他のプロセスに読み込みます。値：{value}',
      'reason.authentication': 'Windows がパスワードを保持または検証する方法を変更します。値：{value}',
      'reason.screen-saver': 'スクリーンセーバーとして実行されるプログラムを設定します。値：{value}',
      'reason.active-setup': '各ユーザーのログオン時に 1 回実行されます。値：{value}',
      'reason.office': 'Office のアドインを読み込む、またはセキュリティを緩めます。値：{value}',
      'reason.accessibility': 'サインイン画面から起動できるプログラムを設定します。値：{value}',
      'reason.remote-access':
        'リモートデスクトップでこのエンドポイントに接続できる条件を変更します。値：{value}',
      'reason.protection': '保護機能を変更または無効にします。値：{value}',
    },
  },
  matches: [
    {
      title: 'a run key, a COM handler of one user, and a value out of the Security log',
      items: [
        exampleEvent('registry-set', 0, {
          processPath: 'C:\\ProgramData\\a.exe',
          pid: 5,
          target: `${USER}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater`,
          detail: 'C:\\ProgramData\\a.exe',
        }),
        exampleEvent('registry-set', 1, {
          processPath: 'C:\\ProgramData\\a.exe',
          pid: 5,
          target: `${USER}_Classes\\ms-settings\\shell\\open\\command\\(Default)`,
          detail: 'C:\\ProgramData\\a.exe',
        }),
        exampleEvent('registry-set', 2, {
          processPath: 'C:\\x\\b.exe',
          pid: 6,
          target:
            '\\REGISTRY\\MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe\\Debugger',
          action: '%%1904',
        }),
      ],
      finds: [
        `wrote-registry: a.exe -> ${USER}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater`,
        `wrote-registry: a.exe -> ${USER}_Classes\\ms-settings\\shell\\open\\command\\(Default)`,
        'wrote-registry: b.exe -> HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe\\Debugger',
        `!autostart: ${USER}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater`,
        `!hijack: ${USER}_Classes\\ms-settings\\shell\\open\\command\\(Default)`,
      ],
    },
    {
      title: 'virus protection switched off, and a debugger at the sign-in screen seen as a command only',
      items: [
        exampleEvent('registry-set', 0, {
          processPath: 'C:\\Windows\\System32\\svchost.exe',
          pid: 5,
          target: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\DisableAntiSpyware',
          detail: 'DWORD (0x00000001)',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\reg.exe',
          pid: 6,
          commandLine:
            'reg add "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\utilman.exe" /v Debugger /t REG_SZ /d C:\\Windows\\System32\\cmd.exe /f',
        }),
      ],
      finds: [
        '!weakened: HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\DisableAntiSpyware',
        'wrote-registry: reg.exe -> HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\utilman.exe\\Debugger',
        '!hijack: HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\utilman.exe\\Debugger',
      ],
    },
  ],
  ignores: [
    {
      title: 'other values, removed values, and what the service manager writes itself',
      items: [
        exampleEvent('registry-set', 0, {
          processPath: 'C:\\a.exe',
          pid: 5,
          target: 'HKLM\\SOFTWARE\\Vendor\\Run',
        }),
        exampleEvent('registry-set', 1, {
          processPath: 'C:\\a.exe',
          pid: 5,
          target: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\x',
          action: '%%1906',
        }),
        exampleEvent('registry-set', 2, {
          processPath: 'C:\\Windows\\System32\\services.exe',
          pid: 7,
          target: 'HKLM\\System\\CurrentControlSet\\Services\\x\\ImagePath',
          detail: 'C:\\x.exe',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const recorded = new Set<string>()
    const fields = ['processPath', 'pid', 'processGuid', 'target', 'action', 'detail'] as const
    for (const event of view.events(['registry-set', 'registry-rename'], fields)) {
      const { target, action, detail, processPath } = event.fields
      if (event.endpointId === null || target === undefined || isRemoval(action)) continue
      // A renamed key arrives under its new name.
      const path = toRegistryPath(event.kind === 'registry-rename' && detail !== undefined ? detail : target)
      const kind = autostartKindOf(path)
      if (kind === undefined) continue
      if (serviceOfKey(path) !== undefined && baseName(processPath ?? '').toLowerCase() === 'services.exe')
        continue
      recorded.add(`${event.endpointId}|${withoutHive(path)}`)
      const process = view.processes.actorOf(event)
      const value = event.kind === 'registry-set' ? detail : undefined
      yield* written(view, event, event.endpointId, process, path, kind, value, false)
    }
    for (const process of view.processes.started) {
      if (!process.event || !/\breg\b|itemproperty/i.test(process.commandLine) || isShell(process.path))
        continue
      for (const { path, value } of orderedValues(process.commandLine)) {
        const kind = autostartKindOf(path)
        if (kind === undefined || recorded.has(`${process.endpointId}|${withoutHive(path)}`)) continue
        yield* written(view, process.event, process.endpointId, process, path, kind, value, true)
      }
    }
  },
}
export default rule

/** The one that passes a command on is not the one that runs it. */
const isShell = (path: string): boolean => /\\cmd\.exe$/i.test(path)

/** Users' hives carry a SID in records and none in commands. */
const withoutHive = (path: string): string =>
  path
    .toLowerCase()
    .replace(/^hkcu\\/, 'user\\')
    .replace(/^hku\\[^\\]+\\/, 'user\\')

function* written(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  process: ProcessFact | undefined,
  path: string,
  kind: AutostartKind,
  value: string | undefined,
  isCommand: boolean,
): Generator<Find> {
  const key = registryKey(view.entity(endpointId), path)
  const shown = (value ?? '?').slice(0, MAX_VALUE)
  yield {
    kind: 'wrote-registry',
    from: process?.draft ?? endpointId,
    to: key,
    at: event.at,
    confidence: isCommand ? BY_COMMAND : process ? RECORDED : NO_PROCESS,
    ...(isCommand
      ? { reason: 'command', params: { program: process?.draft.name ?? '?', value: shown } }
      : { reason: kind, params: { value: shown } }),
    proof: proofOf(event),
  }
  const judged = weighFresh(view, endpointId, event.at, value, judgeAutostart(kind, path, value))
  if (!judged) return
  const file = (value ?? '').replace(/^"([^"]+)".*$/, '$1')
  const isPlanted =
    kind === 'com' && judged.level !== 'high' && wroteItself(view, process, endpointId, file, event.at)
  yield {
    detection: judged.effect,
    level: isPlanted ? 'high' : judged.level,
    subject: key,
    involved: [endpointId, ...(process ? [process.draft] : [])],
    at: event.at,
    confidence: isPlanted
      ? PLANTED
      : isCommand
        ? Math.round(judged.confidence * BY_COMMAND * 100) / 100
        : judged.confidence,
    ...(isPlanted || judged.sign === undefined
      ? { reason: isPlanted ? 'planted' : kind, params: { value: shown, variant: kind } }
      : {
          reason: `sign_${judged.sign}`,
          params: { name: baseName(path) || path, command: shown, variant: kind },
        }),
    proof: proofOf(event),
  }
}

/** The Security log writes %%1906 for a deleted value; exports of sensors say so in words. */
const isRemoval = (action: string | undefined): boolean =>
  action !== undefined && (/^delete/i.test(action) || action === '%%1906')

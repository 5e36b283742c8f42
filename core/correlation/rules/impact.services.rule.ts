import { dayOf } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { type GivenCommand, givenCommands } from '../given-commands.ts'
import type { Find, Rule } from '../rule.ts'
import { MAY_STOP, stoppedServices } from '../stopped-services.ts'

/** Commands say what was to be stopped; a protected service may have stayed. */
const SEVERAL_PRODUCTS = 0.85
const ONE_PRODUCT = 0.5
/** Commands of one burst follow each other within this time: a script needs seconds. */
const BURST_US = 300_000_000
/** Services that make a burst. */
const SERVICES = 3
/** Commands of a burst that are cited. */
const MAX_CITED = 40

interface Stop {
  readonly given: GivenCommand
  readonly at: number
  readonly product: string
  readonly service: string
}

const rule: Rule = {
  id: 'impact.services',
  order: 43,
  scope: 'endpoint',
  relations: [],
  detections: ['services-stopped'],
  attack: ['T1489'],
  texts: {
    en: {
      title: 'Backup, database and protection services stopped in a row',
      description:
        'Within five minutes commands stopped, disabled, deleted or killed at least three services of products that restore, hold or watch files: backup, databases, mail servers, virus protection. Of several products at once that is what comes before encryption; of one product it is maintenance more often.',
      needs: 'Process start records with command lines.',
      falsePositives:
        'Maintenance that stops all services of one product (rated low), images of servers before an update.',
      'detection.services-stopped': 'Services for backup, data and protection were stopped in a row',
      'reason.several':
        '{count} services of {products} products were ordered to stop within {seconds} s: {services}',
      'reason.one': '{count} services of {product} were ordered to stop within {seconds} s: {services}',
    },
    'zh-TW': {
      title: '連續停止備份、資料庫與防護服務',
      description:
        '五分鐘內，命令停止、停用、刪除或終止了至少三項用於還原、保存或監看檔案之產品的服務：備份、資料庫、郵件伺服器、防毒。同時涉及多項產品常為加密前的準備；僅一項產品則多為維護。',
      needs: '含命令列的處理程序啟動紀錄。',
      falsePositives: '停止單一產品全部服務的維護作業（列為低度）、更新前的伺服器映像作業。',
      'detection.services-stopped': '備份、資料與防護服務遭連續停止',
      'reason.several': '{seconds} 秒內命令停止 {products} 項產品的 {count} 項服務：{services}',
      'reason.one': '{seconds} 秒內命令停止 {product} 的 {count} 項服務：{services}',
    },
    ja: {
      title: 'バックアップ・データベース・保護のサービスが続けて停止された',
      description:
        '5 分以内に、ファイルを復元・保持・監視する製品（バックアップ、データベース、メールサーバー、ウイルス対策）のサービスが 3 つ以上、コマンドで停止・無効化・削除・強制終了されました。複数の製品にわたる場合は暗号化の前触れ、1 つの製品だけなら保守であることが多いものです。',
      needs: 'コマンドラインを含むプロセス起動の記録。',
      falsePositives: '1 製品の全サービスを止める保守作業（低とします）、更新前のサーバーイメージ作成。',
      'detection.services-stopped': 'バックアップ・データ・保護のサービスが続けて停止された',
      'reason.several':
        '{seconds} 秒以内に {products} 製品の {count} 個のサービスの停止が命じられました：{services}',
      'reason.one': '{seconds} 秒以内に {product} の {count} 個のサービスの停止が命じられました：{services}',
    },
  },
  matches: [
    {
      title: 'backup, database and scanner within seconds',
      items: ['net stop VeeamBackupSvc /y', 'net stop MSSQLSERVER /y', 'taskkill /F /IM MsMpEng.exe'].map(
        order,
      ),
      finds: ['!services-stopped: net.exe'],
    },
  ],
  ignores: [
    {
      title: 'one service, services of Windows, and a service that is started again',
      items: ['net stop VeeamBackupSvc', 'net stop Spooler', 'sc stop wuauserv', 'net start MSSQLSERVER'].map(
        order,
      ),
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const bursts = new Map<number, Stop[]>()
    for (const given of givenCommands(view, MAY_STOP)) {
      const { process, text, program } = given
      // net.exe passes its work to net1.exe, a shell to what it runs: the first record of each is enough.
      if (process.startAt === null || program === 'net1.exe' || isPassing(program, text)) continue
      const burst = bursts.get(process.endpointId) ?? []
      bursts.set(process.endpointId, burst)
      for (const stopped of stoppedServices(text))
        yield* add(burst, { given, at: process.startAt, ...stopped })
    }
    for (const burst of bursts.values()) yield* judge(burst)
  },
}
export default rule

/** A shell with many commands in one line is the only record of what it stops itself; one that runs a program is not. */
const isPassing = (program: string, text: string): boolean =>
  /^cmd(?:\.exe)?$/.test(program) && stoppedServices(text).length < SERVICES

function* add(burst: Stop[], stop: Stop): Generator<Find> {
  const first = burst[0]
  if (first && stop.at - first.at > BURST_US) {
    yield* judge(burst)
    burst.length = 0
  }
  const isNew = burst.every(({ service }) => service.toLowerCase() !== stop.service.toLowerCase())
  if (isNew && burst.length < MAX_CITED) burst.push(stop)
}

function* judge(burst: readonly Stop[]): Generator<Find> {
  const [first] = burst
  const last = burst.at(-1)
  if (!first || !last || burst.length < SERVICES) return
  const products = new Set(burst.map(({ product }) => product))
  const isSeveral = products.size > 1
  const { process } = first.given
  const orders = new Map(burst.map(({ given }) => [given.event.id, given]))
  yield {
    detection: 'services-stopped',
    level: isSeveral ? 'high' : 'low',
    subject: process.draft,
    involved: [process.endpointId, ...[...orders.values()].map((given) => given.process.draft)],
    window: dayOf(first.at),
    at: first.at,
    until: last.at,
    confidence: isSeveral ? SEVERAL_PRODUCTS : ONE_PRODUCT,
    reason: isSeveral ? 'several' : 'one',
    params: {
      count: burst.length,
      seconds: Math.max(1, Math.round((last.at - first.at) / 1e6)),
      services: burst
        .map(({ service }) => service)
        .join(', ')
        .slice(0, 300),
      products: products.size,
      product: first.product,
    },
    proof: [...orders.values()].flatMap(({ event }) => proofOf(event)),
  }
}

/** A process start of an example, one a second. */
function order(commandLine: string, place: number) {
  const name = commandLine.split(' ')[0] ?? ''
  return exampleEvent('process-start', place, {
    processPath: `C:\\Windows\\System32\\${name}.exe`,
    pid: 50 + place,
    commandLine,
  })
}

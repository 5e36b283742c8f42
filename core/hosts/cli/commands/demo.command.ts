import { ensureDemoCase } from '../../demo-case.ts'
import type { Command } from '../command.ts'
import { serveWorkbench, showWorkbench } from '../workbench.ts'

const command: Command = {
  id: 'demo',
  order: 170,
  usage: '',
  arguments: { min: 0, max: 0 },
  options: {
    prepare: { type: 'boolean' },
    browser: { type: 'boolean' },
    port: { type: 'string', value: 'N' },
    'no-open': { type: 'boolean' },
  },
  texts: {
    en: {
      summary: 'open the demo case (an invented company), made on first use',
      'option.prepare': 'only make the case and print its path',
      'option.browser': 'browser mode, even where the desktop is available',
      'option.port': 'port of browser mode (default: any free one)',
      'option.no-open': 'browser mode: only print the address, open no window',
      'step.generate': 'Making the demo case: writing its evidence ...',
      'step.create': 'creating the case ...',
      'step.import': 'importing the evidence ...',
      'step.packs': 'adding pattern packs ...',
      'step.correlate': 'correlating ...',
      'step.retro-scan': 'running the retro scan ...',
      'step.done': 'The demo case is ready.',
    },
    'zh-TW': {
      summary: '開啟示範案件（虛構公司），首次使用時產生',
      'option.prepare': '只產生案件並印出其路徑',
      'option.browser': '即使有桌面版也使用瀏覽器模式',
      'option.port': '瀏覽器模式的連接埠（預設任一可用埠）',
      'option.no-open': '瀏覽器模式：只印出網址，不開啟視窗',
      'step.generate': '正在產生示範案件：寫出證據檔案...',
      'step.create': '正在建立案件...',
      'step.import': '正在匯入證據...',
      'step.packs': '正在加入特徵碼套件...',
      'step.correlate': '正在進行關聯分析...',
      'step.retro-scan': '正在執行回溯掃描...',
      'step.done': '示範案件已就緒。',
    },
    ja: {
      summary: 'デモケース (架空の会社) を開く。初回に作成される',
      'option.prepare': 'ケースの作成とパスの表示だけを行う',
      'option.browser': 'デスクトップがあってもブラウザーモードを使う',
      'option.port': 'ブラウザーモードのポート (既定は空いているポート)',
      'option.no-open': 'ブラウザーモード: アドレスの表示だけにし、ウィンドウを開かない',
      'step.generate': 'デモケースを作成しています: 証拠を書き出し中 ...',
      'step.create': 'ケースを作成中 ...',
      'step.import': '証拠を取り込み中 ...',
      'step.packs': 'パターンパックを追加中 ...',
      'step.correlate': '相関分析中 ...',
      'step.retro-scan': 'レトロスキャンを実行中 ...',
      'step.done': 'デモケースの準備ができました。',
    },
  },
  async run(invocation) {
    const { options, output, t, client } = invocation
    const port = options.integer('port', 0, 65_535) ?? 0
    const path = await ensureDemoCase(client, (step) => output.note(t(`cli.demo.step.${step}`)))
    if (options.flag('prepare')) {
      if (output.json) output.document({ case: path })
      else output.line(path)
      return 0
    }
    const inBrowser = options.flag('browser') || options.flag('no-open') || options.text('port') !== undefined
    if (inBrowser) await serveWorkbench(invocation, path, { port, open: !options.flag('no-open') })
    else await showWorkbench(invocation, path)
    return 0
  },
}

export default command

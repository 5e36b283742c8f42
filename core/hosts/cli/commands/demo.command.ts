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
      making: 'Making the demo case ...',
    },
    'zh-TW': {
      summary: '開啟示範案件（虛構公司），首次使用時產生',
      'option.prepare': '只產生案件並印出其路徑',
      'option.browser': '即使有桌面版也使用瀏覽器模式',
      'option.port': '瀏覽器模式的連接埠（預設任一可用埠）',
      'option.no-open': '瀏覽器模式：只印出網址，不開啟視窗',
      making: '正在產生示範案件...',
    },
    ja: {
      summary: 'デモケース (架空の会社) を開く。初回に作成される',
      'option.prepare': 'ケースの作成とパスの表示だけを行う',
      'option.browser': 'デスクトップがあってもブラウザーモードを使う',
      'option.port': 'ブラウザーモードのポート (既定は空いているポート)',
      'option.no-open': 'ブラウザーモード: アドレスの表示だけにし、ウィンドウを開かない',
      making: 'デモケースを作成しています ...',
    },
  },
  async run(invocation) {
    const { options, output, t, client } = invocation
    const port = options.integer('port', 0, 65_535) ?? 0
    const start = () => {
      output.note(t('cli.demo.making'))
      return client()
    }
    const path = await ensureDemoCase(start, (step) => output.progress(step))
    output.endProgress()
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

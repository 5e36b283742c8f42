import type { Command } from '../command.ts'
import { serveWorkbench } from '../workbench.ts'

const command: Command = {
  id: 'serve',
  order: 160,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: { port: { type: 'string', value: 'N' }, 'no-open': { type: 'boolean' } },
  texts: {
    en: {
      summary: 'serve the workbench on 127.0.0.1 (browser mode) until Ctrl+C',
      'option.port': 'port to listen on (default: any free one)',
      'option.no-open': 'only print the address, open no window',
    },
    'zh-TW': {
      summary: '在 127.0.0.1 提供工作台（瀏覽器模式），直到按下 Ctrl+C',
      'option.port': '監聽的連接埠（預設任一可用埠）',
      'option.no-open': '只印出網址，不開啟視窗',
    },
    ja: {
      summary: '127.0.0.1 でワークベンチを提供する (ブラウザーモード、Ctrl+C まで)',
      'option.port': '待ち受けるポート (既定は空いているポート)',
      'option.no-open': 'アドレスの表示だけにし、ウィンドウを開かない',
    },
  },
  async run(invocation) {
    const port = invocation.options.integer('port', 0, 65_535) ?? 0
    const path = await invocation.checkCase()
    await serveWorkbench(invocation, path, { port, open: !invocation.options.flag('no-open') })
    return 0
  },
}

export default command

import type { Command } from '../command.ts'
import { showWorkbench } from '../workbench.ts'

const command: Command = {
  id: 'open',
  order: 150,
  usage: 'CASE',
  arguments: { min: 1, max: 1 },
  options: {},
  texts: {
    en: { summary: 'open a case in the workbench (desktop, or browser mode where there is none)' },
    'zh-TW': { summary: '在工作台開啟案件（桌面版；沒有時改用瀏覽器模式）' },
    ja: { summary: 'ケースをワークベンチで開く (デスクトップ、なければブラウザーモード)' },
  },
  async run(invocation) {
    await showWorkbench(invocation, await invocation.checkCase())
    return 0
  },
}

export default command

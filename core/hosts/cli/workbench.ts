import type { Reply } from '../../contract/types.ts'
import type { Texts } from '../../model/text.ts'
import { WorkbenchError } from '../../model/errors.ts'
import { canLaunchDesktop, launchDesktop } from '../desktop-launch.ts'
import { type AppWindow, openAppWindow, whyNoWindow } from '../http/browser-window.ts'
import { type BrowserMode, startBrowserMode } from '../http.ts'
import type { Invocation } from './command.ts'
import { onInterrupt } from './interrupt.ts'

/** Words of the three commands that show the workbench; prefix `workbench`. */
export const workbenchTexts: Texts = {
  en: {
    address: 'Redthread: {address}',
    stop: 'Press Ctrl+C to stop.',
    window: 'Opened in a window of its own. Closing it ends Redthread.',
    root: 'No window is opened for root; open the address in a browser.',
    display:
      'There is no display here; open the address in a browser (for instance through a forwarded port).',
    browser: 'No Chromium, Chrome or Edge was found; open the address in a browser.',
    stillborn: 'The window did not come up; open the address in a browser.',
    desktop_failed: 'The desktop window did not come up; browser mode takes over.',
    stopped: 'Stopped; the case is closed.',
  },
  'zh-TW': {
    address: 'Redthread：{address}',
    stop: '按 Ctrl+C 停止。',
    window: '已在獨立視窗開啟。關閉視窗即結束 Redthread。',
    root: '不會替 root 開啟視窗；請用瀏覽器開啟上述網址。',
    display: '此處沒有顯示器；請用瀏覽器開啟上述網址（例如透過轉送的連接埠）。',
    browser: '找不到 Chromium、Chrome 或 Edge；請用瀏覽器開啟上述網址。',
    stillborn: '視窗無法開啟；請用瀏覽器開啟上述網址。',
    desktop_failed: '桌面視窗無法開啟；改用瀏覽器模式。',
    stopped: '已停止；案件已關閉。',
  },
  ja: {
    address: 'Redthread: {address}',
    stop: '停止するには Ctrl+C を押してください。',
    window: '専用ウィンドウで開きました。閉じると Redthread も終了します。',
    root: 'root ではウィンドウを開きません。上のアドレスをブラウザーで開いてください。',
    display: 'ディスプレイがありません。上のアドレスをブラウザーで開いてください (ポート転送経由など)。',
    browser: 'Chromium、Chrome、Edge が見つかりません。上のアドレスをブラウザーで開いてください。',
    stillborn: 'ウィンドウを開けませんでした。上のアドレスをブラウザーで開いてください。',
    desktop_failed: 'デスクトップのウィンドウを開けませんでした。ブラウザーモードに切り替えます。',
    stopped: '停止しました。ケースは閉じられています。',
  },
}

export interface ShowOptions {
  readonly port: number
  readonly open: boolean
}

/** Desktop when Electron is there, browser mode otherwise. Returns when the user is done. */
export async function showWorkbench(invocation: Invocation, casePath: string): Promise<void> {
  if (canLaunchDesktop()) {
    if (await launchDesktop(casePath)) return
    invocation.output.note(invocation.t('cli.workbench.desktop_failed'))
  }
  await serveWorkbench(invocation, casePath, { port: 0, open: true })
}

/** Browser mode with an open case, until Ctrl+C or until its window is closed. */
export async function serveWorkbench(
  invocation: Invocation,
  casePath: string,
  options: ShowOptions,
): Promise<void> {
  const mode = await startBrowserMode({ port: options.port })
  const stopped = stopSignal()
  const shown: { window?: AppWindow } = {}
  try {
    await openCase(mode, casePath)
    tellAddress(invocation, mode, casePath)
    await Promise.race([stopped, windowClosed(invocation, mode, options.open, shown)])
  } finally {
    await mode.close()
    shown.window?.close()
    await shown.window?.closed
  }
  invocation.output.note(invocation.t('cli.workbench.stopped'))
}

/** From here on Ctrl+C means: close the case properly. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => void onInterrupt(['SIGINT', 'SIGTERM', 'SIGHUP'], resolve))
}

async function openCase(mode: BrowserMode, casePath: string): Promise<void> {
  const grant = await mode.engine.grant(casePath, 'write')
  const reply: Reply = await mode.engine.call('case.open', { grant })
  if (!reply.ok) throw new WorkbenchError(reply.error.code, reply.error.params)
}

function tellAddress({ output, t }: Invocation, mode: BrowserMode, casePath: string): void {
  if (output.json)
    output.document({ address: mode.address, port: Number(new URL(mode.origin).port), case: casePath })
  else output.line(t('cli.workbench.address', { address: mode.address }))
  output.note(t('cli.workbench.stop'))
}

/** Resolves when a window was shown and closed; never, when the address alone serves the user. */
async function windowClosed(
  { output, t }: Invocation,
  mode: BrowserMode,
  open: boolean,
  shown: { window?: AppWindow },
): Promise<void> {
  const never = new Promise<void>(() => undefined)
  if (!open) return await never
  const obstacle = whyNoWindow()
  if (obstacle) {
    output.note(t(`cli.workbench.${obstacle}`))
    return await never
  }
  const window = await openAppWindow(mode.windowAddress())
  shown.window = window
  output.note(t('cli.workbench.window'))
  if (await window.closed) return
  output.note(t('cli.workbench.stillborn'))
  return await never
}

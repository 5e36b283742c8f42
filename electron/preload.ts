import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts'

/**
 * All that the page gets: the transport of the contract (core/contract/types.ts). No Electron object, no event object and
 * no channel name crosses the bridge.
 */
contextBridge.exposeInMainWorld('redthread', {
  call: (method: unknown, input: unknown): Promise<unknown> =>
    ipcRenderer.invoke(CALL_CHANNEL, method, input),
  listen(onEvent: (event: unknown) => void): () => void {
    const pass = (_event: IpcRendererEvent, event: unknown): void => onEvent(event)
    ipcRenderer.on(EVENT_CHANNEL, pass)
    return () => {
      ipcRenderer.off(EVENT_CHANNEL, pass)
    }
  },
})

import { createClient } from '../../core/contract/client.ts'
import { contractSuite } from '../support/contract-suite.ts'
import { startDesktop } from '../support/desktop.ts'

contractSuite('the built desktop host (double of Electron, real page)', async () => {
  const desktop = await startDesktop()
  const client = createClient(desktop.transport)
  return {
    host: 'desktop' as const,
    transport: desktop.transport,
    async choose(path, access) {
      await desktop.ask('answerDialog', { canceled: false, filePaths: [path], filePath: path })
      const picked = await client.call('file.pick', {
        purpose: access === 'write' ? 'case-create' : 'evidence',
      })
      return picked[0]?.grant ?? ''
    },
    close: async () => void (await desktop.close()),
  }
})

import { describe, expect, it } from 'vitest'
import { createClient } from '../../core/contract/client.ts'
import { startBrowserMode } from '../../core/hosts/http.ts'
import { contractSuite } from '../support/contract-suite.ts'
import { httpTransport } from '../support/http-transport.ts'

contractSuite('browser mode', async () => {
  const mode = await startBrowserMode()
  const transport = await httpTransport(mode.origin, mode.token)
  const client = createClient(transport)
  return {
    host: 'browser' as const,
    transport,
    choose: async (path, access) =>
      (await client.call('file.grant', { path, write: access === 'write' })).grant,
    async close() {
      transport.close()
      await mode.close()
    },
  }
})

describe('browser mode on a chosen port', () => {
  it('says that the port is in use instead of failing inside', async () => {
    const first = await startBrowserMode()
    const port = Number(new URL(first.origin).port)
    await expect(startBrowserMode({ port })).rejects.toMatchObject({
      code: 'host.port_in_use',
      params: { port },
    })
    await first.close()
  })
})

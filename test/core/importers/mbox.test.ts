import { describe, expect, it } from 'vitest'
import mbox from '../../../core/importers/mbox.importer.ts'
import { codesOf, detectInput, fixture, issuesOf, messagesOf, readUnits, recordsOf } from './read-part.ts'

describe('mbox importer', () => {
  it('splits at separators only: not at quoted or bare "From " lines of a body', async () => {
    const messages = messagesOf(await readUnits(mbox, fixture('mbox/good-folder.mbox')))
    expect(messages.map((message) => message.subject)).toEqual(['one', 'two', 'three'])
    expect(messages[1]?.bodyText).toContain(
      'From mail@corp.test Mon Mar  2 11:00:00 2026\nwithout a header line',
    )
  })

  it('takes exactly one quoting sign off', async () => {
    const [first] = messagesOf(await readUnits(mbox, fixture('mbox/good-folder.mbox')))
    expect(first?.bodyText).toBe(
      'From the desk of somebody: https://one.example/\n>From quoted twice\nFrom here on this line stays in the body',
    )
  })

  it('locates every message by number and bytes that read back', async () => {
    const bytes = fixture('mbox/good-folder.mbox')
    const locators = recordsOf(await readUnits(mbox, bytes)).map((record) => record.locator)
    expect(locators).toEqual([
      'message 1, bytes 0-295',
      'message 2, bytes 296-626',
      'message 3, bytes 627-929',
    ])
    expect(bytes.subarray(627, 650).toString()).toBe('From MAILER-DAEMON Mon ')
    expect(bytes.length).toBe(930)
  })

  it.each([1, 2, 3, 7, 64, 1000])('gives the same units in chunks of %i bytes', async (size) => {
    for (const name of ['good-folder', 'good-crlf', 'truncated-tail', 'hostile-lines']) {
      const bytes = fixture(`mbox/${name}.mbox`)
      expect(await readUnits(mbox, bytes, size)).toEqual(await readUnits(mbox, bytes))
    }
  })

  it('reads folders with CRLF alike', async () => {
    const subjects = messagesOf(await readUnits(mbox, fixture('mbox/good-crlf.mbox'))).map(
      (message) => message.subject,
    )
    expect(subjects).toEqual(['one', 'two', 'three'])
  })

  it('keeps the beginning of a message that is cut off', async () => {
    const units = await readUnits(mbox, fixture('mbox/truncated-tail.mbox'))
    expect(recordsOf(units)).toHaveLength(3)
  })

  it('counts text without any message as lost', async () => {
    const units = await readUnits(mbox, 'Subject: this is one mail\n\nand no mailbox\n')
    expect(issuesOf(units).map(({ code, records }) => [code, records])).toEqual([['mbox.before_first', 1]])
  })

  it('counts an entry without any header as a rejected record', async () => {
    const units = await readUnits(mbox, fixture('mbox/hostile-lines.mbox'))
    expect(recordsOf(units)).toHaveLength(2)
    expect(issuesOf(units).map(({ code, records }) => [code, records])).toEqual([['mbox.no_headers', 1]])
  })

  it('reports text before the first message without counting a record', async () => {
    const units = await readUnits(mbox, `garbage\n\n${fixture('mbox/good-folder.mbox').toString()}`)
    expect(codesOf(units)).toEqual(['mbox.before_first'])
    expect(issuesOf(units)[0]?.records).toBe(0)
    expect(recordsOf(units)).toHaveLength(3)
  })

  it('hands over batches instead of the whole file', async () => {
    const one = 'From a@b.c Mon Mar  2 09:15:30 2026\nFrom: a@b.c\nSubject: x\n\nbody\n\n'
    const sizes: number[] = []
    const open = async function* (): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 500; index++) yield Buffer.from(one)
    }
    for await (const batch of mbox.parse(
      { name: 'x', size: null, open },
      { dateOrder: null, mapping: null, zone: 'UTC' },
    ))
      sizes.push(batch.length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(500)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64)
  })

  it('recognises separators with a date and a header after them', () => {
    expect(mbox.detect(detectInput(fixture('mbox/good-folder.mbox'), 'anything'))).toBe(0.95)
    expect(mbox.detect(detectInput('From now on, 12 things happen in 2026.\nSubject: x\n'))).toBe(0)
    expect(mbox.detect(detectInput(fixture('eml/good-parcel.eml'), 'x.mbox'))).toBe(0)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeWords } from '../../../renderer/text/encoded-words.ts'

describe('encoded words of a header', () => {
  it.each([
    ['=?utf-8?B?UmVjaG51bmcgw7xiZXIgNTAg4oKs?=', 'Rechnung über 50 €'],
    ['=?iso-8859-1?Q?Gr=FC=DFe_aus?= K=?x', 'Grüße aus K=?x'],
    ['=?utf-8?Q?a?= =?utf-8?Q?b?=', 'ab'],
    ['=?utf-8*en?Q?hello?= there', 'hello there'],
    ['=?big5?B?p9pErA==?= <a@b.example>', undefined],
    ['=?no-such-charset?Q?x?=', '=?no-such-charset?Q?x?='],
    ['=?utf-8?B?A?=', '=?utf-8?B?A?='],
    ['plain text', 'plain text'],
  ])('%s', (written, read) => {
    if (read === undefined) expect(decodeWords(written)).not.toContain('=?')
    else expect(decodeWords(written)).toBe(read)
  })

  it('never throws, and ends in time, whatever stands there', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('=?', '?=', 'utf-8', '?B?', '?Q?', 'AAAA', '=', ' ', '_', '\u202e'), {
          maxLength: 60,
        }),
        (parts) => typeof decodeWords(parts.join('')) === 'string',
      ),
    )
    const started = performance.now()
    decodeWords(`=?utf-8?B?${'A'.repeat(200_000)}`)
    decodeWords('=?a?b?'.repeat(50_000))
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../../core/model/errors.ts'
import { parseUrl } from '../../../core/normalise/url.ts'
import { PackDefect } from '../../../core/reputation/pack-refusal.ts'
import { packNormal, unpackNormal } from '../../../core/reputation/pattern.ts'
import { readPlainLine } from '../../../core/reputation/packs/plain-line.ts'
import { packReaders } from '../../../core/reputation/packs/registry.ts'
import { parsePolicy } from '../../../core/reputation/policy-parse.ts'
import { readListEntry } from '../../../core/reputation/url-list.ts'
import { Shelf } from '../../../core/reputation/shelf.ts'
import { aPack, DAY } from './builders.ts'

const OPTIONS = { seed: 20261121, numRuns: 300 }
const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.stringMatching(/^[|*.^$@#"0-9a-f:/?&=,-]{0,40}$/),
)

describe('hostile packs and policies', () => {
  it('reads any bytes as any pack format without anything but the codes of a pack', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.nat(40), (lines, cut) => {
        const bytes = Buffer.from(lines.join('\n'))
        for (const reader of packReaders) {
          expect(reader.detect(bytes.toString('utf8'))).toBeLessThanOrEqual(1)
          try {
            for (const unit of reader.read([bytes.subarray(0, cut), bytes.subarray(cut)], {
              level: null,
              levels: {},
            })) {
              if (unit.kind === 'entry') expect(unit.pattern.host).not.toBe('')
            }
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(PackDefect)
          }
        }
      }),
      OPTIONS,
    )
  })

  it('keeps a pattern whole through the columns it is stored in, and an exact pattern covers its own URL', () => {
    fc.assert(
      fc.property(line, (text) => {
        const read = readPlainLine(text)
        if (read.kind !== 'patterns') return
        for (const { pattern } of read.patterns) {
          const { port, rest, ftp } = pattern
          expect(unpackNormal(packNormal(pattern))).toEqual({ port, rest, ftp })
          const url = parseUrl(text.trim())
          if (url === undefined || pattern.scope !== 'exact') continue
          const shelf = new Shelf(
            [aPack(1, 'one', DAY)],
            [{ ...pattern, text, level: 'dangerous', pack: 0, expiresAt: null }],
          )
          expect(shelf.rate(url, shelf.inForceNow(), DAY).level).toBe('dangerous')
        }
      }),
      OPTIONS,
    )
  })

  it('answers any policy document with a policy or policy.invalid', () => {
    fc.assert(
      fc.property(
        fc.object({
          key: fc.constantFrom('schema', 'name', 'service', 'actions', 'matched', '__proto__', 'x'),
        }),
        (document) => {
          try {
            parsePolicy(document)
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(WorkbenchError)
            expect(thrown).toMatchObject({ code: 'policy.invalid' })
          }
        },
      ),
      OPTIONS,
    )
  })

  it('reads any list entry or names its fault', () => {
    fc.assert(
      fc.property(line, (text) => void expect(readListEntry(text, 'exchange-online')).toBeDefined()),
      OPTIONS,
    )
  })
})

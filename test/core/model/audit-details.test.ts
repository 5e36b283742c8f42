import { describe, expect, it } from 'vitest'
import { toDetails, toPlainName } from '../../../core/model/audit-details.ts'

describe('details of the audit log', () => {
  it('are facts by name, without braces: what is nested, empty or a list is told plainly', () => {
    expect(
      toDetails({
        run: 3,
        counts: { indicators: 11, hits: 5 },
        base: null,
        failed: [],
        aliases: [{ kind: 'sid', value: 'S-1-5' }, 'x'],
        ok: true,
        deep: { within: { a: { b: 1 } } },
      }).map(({ name, value }) => `${name}: ${value}`),
    ).toEqual([
      'run: 3',
      'indicators: 11',
      'hits: 5',
      'aliases: sid S-1-5, x',
      'ok: true',
      'within: {"a":{"b":1}}',
    ])
    expect([toPlainName('packsThen'), toPlainName('bytes_read')]).toEqual(['packs then', 'bytes read'])
  })
})

import { describe, expect, it } from 'vitest'
import { exampleMessage } from '../../../core/correlation/example-mail.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'

const AT = '2026-03-10T08:00:00Z'
const said = (detail: string, at: string | null = AT) => ({
  ...anEvent('generic', AT, { detail }),
  ...(at === null ? { at: null } : {}),
})

/** A case of two evidence items, `first` being the one whose bytes come first, imported in the order of the list. */
function caseOf(
  names: readonly ('first' | 'second')[],
  items: (name: string) => Parameters<TestCase['store']>[0],
): TestCase {
  const testCase = new TestCase()
  for (const name of names) {
    const id = testCase.store(items(name), name)
    testCase.db.prepare('UPDATE evidence SET sha256 = ? WHERE id = ?').run(name === 'first' ? 'a' : 'b', id)
  }
  return testCase
}

describe('what happened at one moment', () => {
  it.each([[['first', 'second'] as const], [['second', 'first'] as const]])(
    'comes in the order of the evidence’s bytes, whatever was imported first: %s',
    (names) => {
      using testCase = caseOf(names, (name) => [
        said(`${name} 1`),
        said(`${name} 2`),
        said(`${name} undated`, null),
        anEvent('generic', '2026-03-10T07:59:59Z', { detail: `${name} before` }),
      ])
      const view = testCase.view()
      const expected = [
        'first before',
        'second before',
        'first 1',
        'first 2',
        'second 1',
        'second 2',
        'first undated',
        'second undated',
      ]
      const read = (of: typeof view) =>
        [...of.events(['generic'], ['detail'])].map(({ fields }) => fields.detail)
      expect(read(view)).toEqual(expected)
      const endpoint = view.book.find('endpoint', 'netbios', 'WS-01')
      expect(read(testCase.view(endpoint?.id))).toEqual(expected)
    },
  )

  it.each([[['first', 'second'] as const], [['second', 'first'] as const]])(
    'holds for copies of messages, which are read by the page: %s',
    (names) => {
      using testCase = caseOf(names, (name) =>
        Array.from({ length: 70 }, (_, index) =>
          exampleMessage(0, { messageId: `${name}-${index}@out.example`, subject: `${name} ${index}` }),
        ),
      )
      const { mail } = testCase.view()
      expect(mail.copies.map(({ subject }) => subject)).toEqual(
        ['first', 'second'].flatMap((name) => Array.from({ length: 70 }, (_, index) => `${name} ${index}`)),
      )
    },
  )
})

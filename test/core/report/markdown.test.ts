import { describe, expect, it } from 'vitest'
import { ReportSettings } from '../../../core/contract/nouns/report.ts'
import { WorkbenchError } from '../../../core/model/errors.ts'
import { buildReport } from '../../../core/report/build.ts'
import { fakeAsk, fullAnswers } from './fake-case.ts'
import { textOf } from './to-outline.ts'

const AT = '2026-03-10T12:00:00.000Z'
const print = async (text: string, sections: readonly string[] = ['summary', 'evidence', 'raw-records']) => {
  const settings = ReportSettings.parse({ sections, blocks: [{ section: 'summary', place: 'after', text }] })
  const { html } = await buildReport(fakeAsk(fullAnswers()), settings, AT)
  const from = html.indexOf('<section class="analyst">')
  return html.slice(from, html.indexOf('</section>', from))
}

describe('the analyst’s own text', () => {
  it('is printed with headings, lists, quotes, strong words, emphasis and code, marked as theirs', async () => {
    const html = await print('# What I saw\n\nOne **two** *three* `four`\n\n- a\n- b\n\n1. c\n\n> said so')
    expect(textOf(html)).toContain('Written by the analyst')
    for (const part of [
      '<h3>',
      '<b><bdi>two</bdi></b>',
      '<em><bdi>three</bdi></em>',
      '<code>four</code>',
      '<ul>',
      '<ol>',
      'class="quote"',
    ])
      expect(html).toContain(part)
    // No space comes between what stands side by side.
    expect(textOf(await print('a**b**c'))).toContain('abc')
  })

  it('is never markup, link or picture', async () => {
    const html = await print(
      '<img src=x onerror=alert(1)> [a](http://evil.example) ![b](http://evil.example/x.png)',
    )
    expect(html.replace(/="[^"]*"/g, '').match(/<(img|a|script)\b/)).toBeNull()
    expect(textOf(html)).toContain('hxxp://evil[.]example')
  })

  it('cites the records it names, when the case has them', async () => {
    const answers = {
      ...fullAnswers(),
      'record.get': ({ evidenceId, record }: { evidenceId: string; record: number }) => {
        if (record === 404) throw new WorkbenchError('request.not_found', { what: 'record' })
        return fullAnswers()['record.get']?.({ evidenceId, record } as never) as never
      },
    }
    const settings = ReportSettings.parse({
      sections: ['evidence', 'scope', 'raw-records'],
      questions: 'See E2:77 and E2:404 and E99:1.',
    })
    const { html } = await buildReport(fakeAsk(answers), settings, AT)
    expect(html).toContain('<a class="cite" href="#E2-77">E2:77</a>')
    expect(html).toContain('id="E2-77"')
    expect(html).not.toContain('href="#E2-404"')
    expect(html).not.toContain('href="#E99-1"')
  })

  it('ends for any text', async () => {
    for (const text of [
      '```\nno end',
      '# ',
      '-',
      '> ',
      '***',
      '****',
      '``',
      '* *',
      '1.',
      '\n\n\n',
      'E1:',
      '__',
      '#'.repeat(500),
    ])
      expect(typeof (await print(text, ['summary']))).toBe('string')
  })
})

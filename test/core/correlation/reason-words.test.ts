import { describe, expect, it } from 'vitest'
import { rules } from '../../../core/correlation/registry.ts'
import { createTranslator, withPrefix } from '../../../core/locale/format.ts'

/** The English text of a reason, with its parameters. */
function words(id: string, reason: string, params: Record<string, string | number>): string {
  const rule = rules.find((one) => one.id === id)
  const texts = rule ? withPrefix('rule', rule.texts, 'en') : {}
  return createTranslator('en', texts, texts)(`rule.reason.${reason}`, params)
}

describe('reasons in English', () => {
  it('tell one from several', () => {
    const read = { actor: 'amber', ip: '203.0.113.9', minutes: 12, country: 'RO' }
    expect(words('mailbox.access', 'odd', { ...read, messages: 1, count: 1 })).toBe(
      'amber read 1 message from 203.0.113.9, 12 min after an odd sign-in (RO).',
    )
    expect(words('mailbox.access', 'odd', { ...read, messages: 7, count: 7 })).toContain('7 messages')
    const sent = { ...read, address: 'a@corp.example', recipients: 6, subject: 'Hi' }
    expect(words('mailbox.sent', 'odd', { ...sent, messages: 1, count: 1 })).toContain('1 message (')
    expect(words('mailbox.sent', 'odd', { ...sent, messages: 2, count: 2 })).toContain('2 messages (')
    const shells = { server: 'w3wp.exe', command: 'cmd' }
    expect(words('process.web-shell', 'shell', { ...shells, count: 1 })).toContain('1 shell or')
    expect(words('process.web-shell', 'shell', { ...shells, count: 3 })).toContain('3 shells or')
    const tried = { tries: 40, minutes: 10 }
    expect(words('logon.brute-force', 'guessing', { ...tried, sources: 1, count: 1 })).toContain(
      '1 source at',
    )
    expect(words('logon.brute-force', 'guessing', { ...tried, sources: 3, count: 3 })).toContain(
      '3 sources at',
    )
  })

  it('with a plural choose it by a number the rule gives', () => {
    const plural = rules.flatMap((rule) =>
      Object.entries(rule.texts.en)
        .filter(([, text]) => text.includes(' | '))
        .map(([key]) => `${rule.id} ${key}`),
    )
    expect(plural.sort()).toEqual([
      'cloud.forged-token reason.not_issued',
      'link.opened reason.by_message',
      'logon.brute-force reason.guessing',
      'logon.ticket reason.weak',
      'mail.campaign reason.campaign',
      'mail.internal-phishing reason.acted',
      'mail.internal-phishing reason.fresh',
      'mail.internal-phishing reason.fresh_strange',
      'mail.internal-phishing reason.many',
      'mailbox.access reason.grant',
      'mailbox.access reason.odd',
      'mailbox.sent reason.new',
      'mailbox.sent reason.odd',
      'mailbox.sent reason.rule',
      'process.web-shell reason.shell',
      'process.web-shell reason.shell_request',
      'process.web-shell reason.written',
      'process.web-shell reason.written_request',
    ])
  })
})

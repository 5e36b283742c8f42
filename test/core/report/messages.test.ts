import { describe, expect, it } from 'vitest'
import { words } from '../../../core/report/document.ts'
import { createSay } from '../../../core/report/messages.ts'

describe('sentences of the report', () => {
  const texts = {
    'rule.beacon.detection': '{program} reached {destination} on {endpoint}',
    'story.claim.contacted': '{from} connected to {to}',
    'story.claim.started': '{from} started {to}',
  }
  const say = createSay([], 'en', texts, texts)

  it('break the addresses of others as cells do, and leave programs and machines readable', () => {
    expect(
      say(
        words('rule.beacon.detection', {
          program: 'a.exe',
          destination: 'c2.evil.example',
          endpoint: 'ws1.corp.example',
        }),
      ),
    ).toBe('a.exe reached c2[.]evil[.]example on ws1.corp.example')
    expect(say(words('story.claim.contacted', { from: 'a.exe', to: '203.0.113.7' }))).toBe(
      'a.exe connected to 203[.]0[.]113[.]7',
    )
    expect(say(words('story.claim.contacted', { from: 'a.exe', to: '10.0.5.13' }))).toBe(
      'a.exe connected to 10.0.5.13',
    )
    expect(say(words('story.claim.started', { from: 'a.exe', to: 'b.exe' }))).toBe('a.exe started b.exe')
  })
})

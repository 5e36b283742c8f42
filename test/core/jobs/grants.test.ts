import { describe, expect, it } from 'vitest'
import { Grants } from '../../../core/jobs/grants.ts'

const refused = expect.objectContaining({ code: 'request.not_permitted' }) as Error

describe('grants', () => {
  it('name a path by a token that cannot be guessed', () => {
    const grants = new Grants(false)
    const token = grants.add('/evidence/a.json', 'read')
    expect(token).toMatch(/^[0-9a-f]{32}$/)
    expect(grants.add('/evidence/a.json', 'read')).not.toBe(token)
    expect(grants.resolve(token, 'read')).toBe('/evidence/a.json')
  })

  it('refuse paths and tokens nobody granted', () => {
    const grants = new Grants(false)
    grants.add('/evidence/a.json', 'read')
    for (const token of ['/evidence/a.json', '/etc/passwd', '', '__proto__', '0'.repeat(32)])
      expect(() => grants.resolve(token, 'read')).toThrow(refused)
  })

  it('let nobody write what was granted for reading', () => {
    const grants = new Grants(false)
    expect(() => grants.resolve(grants.add('/evidence/a.json', 'read'), 'write')).toThrow(refused)
    const written = grants.add('/out/report.html', 'write')
    expect([grants.resolve(written, 'write'), grants.resolve(written, 'read')]).toEqual(
      Array(2).fill('/out/report.html'),
    )
  })

  it('hold on another thread what they hold here', () => {
    const here = new Grants(false)
    const token = here.add('/evidence/a.json', 'read')
    const there = new Grants(false)
    there.load(here.snapshot())
    expect(there.resolve(token, 'read')).toBe('/evidence/a.json')
    expect(() => there.resolve(token, 'write')).toThrow(refused)
  })

  it('are the paths themselves on the command line', () => {
    const grants = new Grants(true)
    expect(grants.resolve(grants.add('/evidence/a.json', 'read'), 'write')).toBe('/evidence/a.json')
  })
})

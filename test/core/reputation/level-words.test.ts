import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RISK_LEVELS } from '../../../core/model/verdict.ts'
import { sharedTexts } from '../../../core/report/words/shared.ts'
import notification from '../../../core/reputation/notification.words.ts'

const readLocale = (lang: string): ReadonlyMap<string, string> => {
  const path = join(import.meta.dirname, `../../../resources/locales/${lang}.json`)
  return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>))
}

describe.each(['en', 'zh-TW', 'ja'] as const)('the words of the risk levels in %s', (lang) => {
  const screen = readLocale(lang)

  it.each(RISK_LEVELS)('are one on screen, in reports and in notifications: %s', (level) => {
    const said = (screen.get(`risk.${level}`) ?? '').toLowerCase()
    expect(said).not.toBe('')
    expect(sharedTexts[lang][`risk.${level}`].toLowerCase()).toBe(said)
    expect(notification.texts[lang]?.[`level.${level}`]?.toLowerCase()).toBe(said)
  })

  it('are those that the policy speaks of', () => {
    const said = (screen.get('risk.untested') ?? '').toLowerCase()
    const keys = ['policy.field.untested', 'policy.rule.W59', 'policy.rule.W60', 'policy.urlScope.untested']
    for (const key of [...keys, 'url.analyse', 'job.url.analyse', 'audit.act.url.analyse'])
      expect(screen.get(key)?.toLowerCase(), key).toContain(said)
  })
})

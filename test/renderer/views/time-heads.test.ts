import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import words from '../../../resources/locales/en.json' with { type: 'json' }
import MailScreen from '../../../renderer/views/mail/mail-screen.vue'
import NameList from '../../../renderer/views/directory/name-list.vue'
import { caseInfo, entities, fakeEngine, page } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const renderer = join(import.meta.dirname, '../../../renderer')
const vues = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.vue'),
)
/** Words that head a column of times. */
const OF_TIME =
  /^(?:Time|When|First seen|Last seen|Imported|Delivered|Opened|Clicked|Ran|Set|First used|Last used)$/u
const at = '2026-03-01T09:30:12.000000Z'
const engine = () =>
  fakeEngine({
    'case.info': { ...caseInfo, zone: 'Asia/Taipei' },
    'entity.search': page([
      {
        ...entities.user,
        firstSeenAt: at,
        lastSeenAt: at,
        attributes: {},
        relations: 1,
        risk: null,
        aliases: [],
      },
    ]),
    'mail.list': page([
      {
        id: '3',
        messageId: 'a@b',
        subject: 'Parcel',
        from: 'x@evil.example',
        fromName: 'Parcel',
        sentAt: null,
        deliveredAt: at,
        mailboxes: 1,
        urls: 0,
        attachments: 0,
        risk: { then: 'untested', now: 'untested' },
        touched: false,
      },
    ]),
    'mail.campaigns': page([]),
    'work.of': [],
  })

describe('the heading of a column of times', () => {
  it('names the zone in every table, by the one way there is', () => {
    const text: Readonly<Record<string, string>> = words
    const heads = vues.flatMap((name) =>
      [...readFileSync(join(renderer, name), 'utf8').matchAll(/<th\b[^>]*>\s*\{\{ (\w+)\('([^']+)'\)/gu)].map(
        ([, by, key = '']) => ({ name, by, word: text[key] ?? '' }),
      ),
    )
    const ofTime = heads.filter(({ word }) => OF_TIME.test(word))
    expect(ofTime.length).toBeGreaterThan(15)
    expect(ofTime.filter(({ by }) => by !== 'timeHead')).toEqual([])
  })

  it('says the zone of the case, not another', async () => {
    const { view } = await mountView(NameList, { engine: engine() })
    expect(view.findAll('th').map((head) => head.text())).toContain('First seen (Asia/Taipei)')
  })
})

it.each([
  ['en', 'Times in Asia/Taipei'],
  ['zh-TW', '時間以 Asia/Taipei 表示'],
  ['ja', '時刻は Asia/Taipei'],
])('a list without columns says above itself which zone its times have: %s', async (lang, said) => {
  const { view } = await mountView(MailScreen, { engine: engine(), lang })
  expect(view.find('.zone-note').text()).toBe(said)
})

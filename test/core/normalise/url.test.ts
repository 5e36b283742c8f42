import { describe, expect, it } from 'vitest'
import { defangHost, defangUrl, refang } from '../../../core/normalise/defang.ts'
import { unwrapUrl } from '../../../core/normalise/url-unwrap.ts'
import { MAX_URL_LENGTH, parseUrl, toNormalUrl, toReachedUrl } from '../../../core/normalise/url.ts'

describe('normal form of URLs', () => {
  it.each([
    ['HTTP://EXAMPLE.com', 'http://example.com/'],
    ['http://example.com.:80/', 'http://example.com/'],
    ['https://example.com:443/a', 'https://example.com/a'],
    ['https://example.com:8443/a', 'https://example.com:8443/a'],
    ['https://user:pw@example.com/a#part', 'https://example.com/a'],
    ['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
    ['https://例え.テスト/', 'https://xn--r8jz45g.xn--zckzah/'],
    ['https://example.com/%7Euser/%2fa%zz', 'https://example.com/~user/%2Fa%zz'],
    ['https://example.com/a?Q=%41%3d', 'https://example.com/a?Q=A%3D'],
    ['https://example.com/a?', 'https://example.com/a'],
    ['https://example.com/a/../b/./c', 'https://example.com/b/c'],
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['http://3221226219/x', 'http://192.0.2.235/x'],
    ['http://[2001:DB8::1]:80/', 'http://[2001:db8::1]/'],
    ['http://[::ffff:10.1.2.3]:8080/x', 'http://10.1.2.3:8080/x'],
    ['http://[0:0:0:0:0:FFFF:C0A8:0001]/', 'http://192.168.0.1/'],
    ['http://[::ffff:0:10.1.2.3]/', 'http://[::ffff:0:a01:203]/'],
    ['http://[64:ff9b::10.1.2.3]/', 'http://[64:ff9b::a01:203]/'],
    ['http://[::10.1.2.3]/', 'http://[::a01:203]/'],
    ['  https://example.com/a\tb\n ', 'https://example.com/ab'],
    ['https:\\\\example.com\\a', 'https://example.com/a'],
  ])('%s is %s', (written, normal) => {
    expect(toNormalUrl(written)).toBe(normal)
  })

  it('is its own normal form', () => {
    for (const url of ['https://example.com/%2F?x=%25', 'http://a.b:8080/', 'ftp://a.b/c'])
      expect(toNormalUrl(toNormalUrl(url) ?? '')).toBe(toNormalUrl(url))
  })

  it.each([
    '',
    'example.com',
    'javascript:alert(1)',
    'mailto:a@b.c',
    'data:text/html,x',
    'http://',
    'http://%00/',
    'file:///c:/x',
  ])('refuses %j', (text) => {
    expect(parseUrl(text)).toBeUndefined()
  })

  it('refuses URLs beyond the length limit', () => {
    expect(parseUrl(`https://example.com/${'a'.repeat(MAX_URL_LENGTH)}`)).toBeUndefined()
  })

  it('names the parts', () => {
    expect(parseUrl('https://Example.com:8443/a/b?x=1#y')).toEqual({
      scheme: 'https',
      host: 'example.com',
      port: 8443,
      path: '/a/b',
      query: 'x=1',
      text: 'https://example.com:8443/a/b?x=1',
    })
  })
})

describe('the URL a reader reaches', () => {
  it.each([
    ['www.example.com/a', 'http://www.example.com/a'],
    ['//cdn.example.com/x.png', 'http://cdn.example.com/x.png'],
    ['example.com', 'http://example.com/'],
    ['example.com:8080/a', 'http://example.com:8080/a'],
    ['https://e.example/#alice@corp.test', 'https://e.example/#alice@corp.test'],
    ['javascript:alert(1)', undefined],
    ['cid:image001@corp', undefined],
    ['logo', undefined],
    ['alice@corp.test', undefined],
  ])('%s -> %s', (written, reached) => {
    expect(toReachedUrl(written)).toBe(reached)
  })
})

describe('rewritten links', () => {
  const target = 'https://evil.example/a?b=1&c=2'
  it.each([
    [
      'Safe Links',
      `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(target)}&data=05%7C&reserved=0`,
    ],
    ['urldefense v1', `https://urldefense.proofpoint.com/v1/url?u=${encodeURIComponent(target)}&k=x`],
    [
      'urldefense v2',
      'https://urldefense.proofpoint.com/v2/url?u=https-3A__evil.example_a-3Fb-3D1-26c-3D2&d=DwMFAg&c=x',
    ],
    ['urldefense v3', 'https://urldefense.com/v3/__https://evil.example/a?b=1*c=2__;Jg!!abc!x$'],
    [
      'click-time links',
      `https://cas5-0-urlprotect.trendmicro.com/wis/clicktime/v1/query?url=${encodeURIComponent(target)}&umid=1`,
    ],
    ['Google', `https://www.google.com/url?q=${encodeURIComponent(target)}&sa=D`],
    ['Google by country', `https://www.google.co.uk/url?sa=t&url=${encodeURIComponent(target)}`],
    [
      'click-time links of Europe',
      `https://cas5-0-urlprotect.trendmicro.eu/wis/clicktime/v1/query?url=${encodeURIComponent(target)}`,
    ],
    [
      'Safe Links in Teams',
      `https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url=${encodeURIComponent(target)}`,
    ],
    [
      'twice escaped links',
      `https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(encodeURIComponent(target))}`,
    ],
    ['the proxy of Defender for Cloud Apps', 'https://evil.example.mcas.ms/a?b=1&c=2'],
    ['Cisco', `https://secure-web.cisco.com/1abcDEF-_x/${encodeURIComponent(target)}`],
    [
      'Sophos',
      `https://eu-west-1.protection.sophos.com/?d=evil.example&u=${encodeURIComponent(Buffer.from(target).toString('base64'))}&i=x`,
    ],
    ['FireEye', `https://protect2.fireeye.com/v1/url?k=a-b&q=1&e=c&u=${encodeURIComponent(target)}`],
    ['Symantec', `https://clicktime.symantec.com/15tStd?h=x&u=${encodeURIComponent(target)}`],
    ['Fortinet', `https://mail.corp.example/fmlurlsvc/?fewReq=:B:x&url=${encodeURIComponent(target)}`],
    ['Check Point', `https://url.avanan.click/v2/___${target}___.YXAxOm`],
    ['Google AMP', 'https://www.google.com/amp/s/evil.example/a?b=1&c=2'],
    [
      'advertisement clicks',
      `https://adclick.g.doubleclick.net/pcs/click?xai=x&adurl=${encodeURIComponent(target)}`,
    ],
    ['YouTube', `https://www.youtube.com/redirect?event=x&q=${encodeURIComponent(target)}`],
    ['Bing', `https://www.bing.com/ck/a?!&&p=x&u=a1${Buffer.from(target).toString('base64url')}&ntb=1`],
    ['LinkedIn', `https://www.linkedin.com/redir/redirect?url=${encodeURIComponent(target)}`],
    ['Amazon SES', `https://x1.r.us-east-1.awstrack.me/L0/${encodeURIComponent(target)}/1/0100/abc=420`],
    ['Postmark', `https://track.pstmrk.it/3s/${encodeURIComponent(target.replace('https://', ''))}/3TIB/x/y`],
  ])('unwraps %s', (_, link) => {
    expect(unwrapUrl(link)).toBe(target)
  })

  it('restores runs of characters and the lost slash of version 3', () => {
    expect(unwrapUrl('https://urldefense.com/v3/__http:/e.example/*x**By__;w7zDn8Ofw58!!a!b$')).toBe(
      URL.parse('http://e.example/üxßßßy')?.href,
    )
  })

  it('unwraps links rewritten by several services', () => {
    const once = `https://www.google.com/url?q=${encodeURIComponent(target)}`
    const twice = `https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(once)}`
    expect(unwrapUrl(twice)).toBe(target)
  })

  it.each([
    target,
    'https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fgood.example',
    'https://www.google.com/search?q=https%3A%2F%2Fgood.example',
    'https://eur01.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)',
    'https://urldefense.proofpoint.com/v2/url?u=https-3A__-zz',
    'no url',
  ])('leaves %s alone', (link) => {
    expect(unwrapUrl(link)).toBeUndefined()
  })
})

describe('defanging', () => {
  it('makes scheme and host harmless and keeps the path', () => {
    expect(defangUrl('https://evil.example/a.html?x=1.2')).toBe('hxxps://evil[.]example/a.html?x=1.2')
    expect(defangHost('203.0.113.25')).toBe('203[.]0[.]113[.]25')
    expect(defangHost('a@evil.example')).toBe('a[@]evil[.]example')
  })

  it.each([
    ['hxxps://evil[.]example/a', 'https://evil.example/a'],
    ['hXXp[:]//evil(dot)example', 'http://evil.example'],
    ['h**p://evil{.}example', 'http://evil.example'],
    ['hxxp[://]1.2.3[.]4', 'http://1.2.3.4'],
    ['alice[at]corp[dot]test', 'alice@corp.test'],
    ['nothing to do', 'nothing to do'],
  ])('reads %s back', (written, clear) => {
    expect(refang(written)).toBe(clear)
  })

  it('is undone by refang', () => {
    const url = 'https://evil.example:8443/a.html'
    expect(refang(defangUrl(url))).toBe(url)
  })

  it('knows only the domain of a Mimecast link', () => {
    expect(unwrapUrl('https://protect-eu.mimecast.com/s/abcDEF?domain=evil.example')).toBe(
      'https://evil.example/',
    )
    expect(unwrapUrl('https://url.uk.m.mimecastprotect.com/s/abcDEF')).toBeUndefined()
    expect(unwrapUrl('https://protect-eu.mimecast.com/s/abc?domain=no%20domain')).toBeUndefined()
  })

  it.each([
    'https://eu.protection.sophos.com/?u=bm90IGEgdXJs',
    'https://secure-web.cisco.com/token/%zz',
    'https://www.google.com/search?q=https://evil.example/',
    'https://evil.example/fmlurlsvc/?url=javascript:alert(1)',
    'https://mcas.ms/',
  ])('leaves %s as it is', (link) => {
    expect(unwrapUrl(link)).toBeUndefined()
  })
})

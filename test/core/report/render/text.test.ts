import { describe, expect, it } from 'vitest'
import { defang, defangAddress, toHtml, toPlainLine } from '../../../../core/report/render/text.ts'
import { cssString } from '../../../../core/report/render/page-css.ts'

describe('defang', () => {
  it.each([
    ['https://a.example/x.y?z', 'hxxps://a[.]example/x.y?z'],
    ['HTTP://A.EXAMPLE', 'HxxP://A[.]EXAMPLE'],
    ['hxxps://a[.]example/x', 'hxxps://a[.]example/x'],
    ['see http:\\\\a.example\\x', 'see hxxp:\\\\a[.]example\\x'],
    ['ftp://a.example/f', 'fxp://a[.]example/f'],
    ['www.example.org', 'www[.]example.org'],
    ['mailto:a@b.example', 'mailto[:]a[@]b[.]example'],
    ['a.b@c.d.example.', 'a.b[@]c[.]d[.]example.'],
    ['a[@]c[.]example', 'a[@]c[.]example'],
    ['name and file: what it says', 'name and file: what it says'],
    ['file:///c:/x', 'file[:]///c:/x'],
    ['a[@]b[.]example', 'a[@]b[.]example'],
    ['powershell.exe at C:\\x.y', 'powershell.exe at C:\\x.y'],
    [
      'https://a.example;https://b.example,ftp://c.example',
      'hxxps://a[.]example;hxxps://b[.]example,fxp://c[.]example',
    ],
    ['"\\r\\nhttps://a.example/x"', '"\\r\\nhxxps://a[.]example/x"'],
    ['from 203.0.113.7, port 443', 'from 203[.]0[.]113[.]7, port 443'],
    ['\\\\203.0.113.7\\c$', '\\\\203[.]0[.]113[.]7\\c$'],
    ['{"ip":"8.8.8.8"}', '{"ip":"8[.]8[.]8[.]8"}'],
    ['10.0.5.13, 172.18.39.6 and 127.0.0.1', '10.0.5.13, 172.18.39.6 and 127.0.0.1'],
    [
      'Chrome/120.0.0.0 v4.18.0.1 1.297.1333.0 1.3.6.1.5',
      'Chrome/120.0.0.0 v4.18.0.1 1.297.1333.0 1.3.6.1.5',
    ],
  ])('turns %s into %s', (live, broken) => {
    expect(defang(live)).toBe(broken)
    expect(defang(defang(live))).toBe(broken)
  })

  it('breaks hosts, IP addresses and mail addresses that have no scheme', () => {
    expect(['10.0.0.7', 'fe80::1'].map(defangAddress)).toEqual(['10.0.0.7', 'fe80::1'])
    expect(['198.51.100.7', 'a.example', 'x.y@a.example', 'x.y[@]a[.]example'].map(defangAddress)).toEqual([
      '198[.]51[.]100[.]7',
      'a[.]example',
      'x.y[@]a[.]example',
      'x.y[@]a[.]example',
    ])
  })
})

describe('outside text as HTML', () => {
  it('escapes markup and quotes', () => {
    expect(toHtml(`<a href="x" title='y'>&amp;`)).toBe(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;',
    )
  })
  it('names what cannot be seen', () => {
    expect(toPlainLine('a\u202Eb\u200Bc\u0007d\uD800e\u{1F52D}')).toBe(
      'a<U+202E>b<U+200B>c<U+0007>d<U+D800>e<U+1F52D>',
    )
  })
  it('folds line feeds and tabs into spaces', () => {
    expect(toHtml('a\r\n\tb')).toBe('a b')
  })
})

describe('a CSS string', () => {
  it('cannot be ended from inside', () => {
    expect(cssString('a"}\\</style>機')).toBe(
      '"a\\000022\\00007d\\00005c\\00003c\\00002fstyle\\00003e\\006a5f"',
    )
  })
})

import { describe, expect, it } from 'vitest'
import { defangName, defangText } from '../../../renderer/text/defang.ts'
import { toRuns, toVisible } from '../../../renderer/text/visible.ts'

describe('defangText', () => {
  it.each([
    ['https://a.example/x.html?q=1', 'hxxps://a[.]example/x.html?q=1'],
    [
      'see http://a.b.example and HTTP://C.example!',
      'see hxxp://a[.]b[.]example and Hxxp://C[.]example!'.replace('Hxxp', 'HxxP'),
    ],
    ['ftp://files.example/a', 'fxp://files[.]example/a'],
    ['hxxps://a[.]example/x', 'hxxps://a[.]example/x'],
    ['http://user@evil.example:8080/p', 'hxxp://user@evil[.]example:8080/p'],
    ['C:\\Users\\a.txt', 'C:\\Users\\a.txt'],
    [
      'https://a.example;https://b.example,http://c.example',
      'hxxps://a[.]example;hxxps://b[.]example,hxxp://c[.]example',
    ],
    ['"\\nhttps://a.example"', '"\\nhxxps://a[.]example"'],
  ])('%s -> %s', (text, shown) => {
    expect(defangText(text)).toBe(shown)
  })

  it('breaks hosts of url and domain entities, and leaves bare addresses readable', () => {
    expect(defangName('domain', 'evil.example')).toBe('evil[.]example')
    expect(defangName('ip', '203.0.113.7')).toBe('203.0.113.7')
    expect(defangName('user', 'mira@corp.example')).toBe('mira@corp.example')
  })
})

describe('toRuns', () => {
  it('names the right-to-left override instead of obeying it', () => {
    expect(toRuns('inv\u202Efdp.exe')).toEqual([
      { text: 'inv', isControl: false },
      { text: 'U+202E', isControl: true },
      { text: 'fdp.exe', isControl: false },
    ])
  })

  it('names escapes, zero-width characters and tags, and keeps line breaks and tabs', () => {
    expect(toVisible('a\u001B[2Jb\u200Bc\u{E0041}\r\nd\te')).toBe('a<U+001B>[2Jb<U+200B>c<U+E0041>\nd\te')
  })

  it('gives one empty run for no text', () => {
    expect(toRuns('')).toEqual([{ text: '', isControl: false }])
  })
})

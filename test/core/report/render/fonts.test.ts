import { describe, expect, it } from 'vitest'
import { readSubset, subsetRanges } from '../../../../core/report/render/font-files.ts'
import { fontFaceCss } from '../../../../core/report/render/fonts.ts'
import { readCoverage } from '../../../../core/report/render/woff2-coverage.ts'

const rangesOf = (css: string): readonly number[] =>
  [...css.matchAll(/unicode-range:([^}]*)\}/g)].flatMap(([, list = '']) =>
    list.split(',').map((code) => Number.parseInt(code.slice(2), 16)),
  )
const face = (text: string, lang: string): string => fontFaceCss(new Map([['sans-400', new Set(text)]]), lang)

describe('the embedded faces', () => {
  it('cover names that single-file subsets lack: 髙橋, 渡邊, 渡邉, 臺灣', () => {
    const text = '髙橋渡邊渡邉臺灣様機密'
    for (const lang of ['en', 'zh-TW', 'ja']) {
      expect(new Set(rangesOf(face(text, lang)))).toEqual(
        new Set([...text].map((character) => character.codePointAt(0))),
      )
    }
  })

  it('state each character once, so that no face can take it from another', () => {
    const codes = rangesOf(face('Report 調査報告書 請求書のご確認 Привет Ελλάδα', 'ja'))
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('take Han characters from the face of the language', () => {
    expect(face('直', 'ja') === face('直', 'zh-TW')).toBe(false)
    expect(face('直', 'en') === face('直', 'zh-TW')).toBe(true)
  })

  it('hold nothing for a text without characters', () => {
    expect(face('', 'en')).toBe('')
  })
})

describe('the coverage of a WOFF2 file', () => {
  it('is what its character map says, not what the package states', () => {
    const latin = readSubset('inter', 'latin', 400)
    if (!latin) throw new Error('no Inter')
    const coverage = readCoverage(latin)
    expect(['A', 'é', '…'].map((c) => coverage.has(c.codePointAt(0) ?? 0))).toEqual([true, true, true])
    expect(coverage.has('機'.codePointAt(0) ?? 0)).toBe(false)
  })

  it('is refused for a file of another kind', () => {
    expect(() => readCoverage(Buffer.from('OTTO'))).toThrow('not a WOFF2 file')
  })

  it('is known for every subset in both weights', () => {
    for (const family of ['noto-sans-tc', 'noto-sans-jp']) {
      const names = [...subsetRanges(family).keys()].filter((name) => name.startsWith('['))
      expect(names.length).toBeGreaterThan(90)
      for (const weight of [400, 700] as const)
        expect(names.filter((name) => readSubset(family, name, weight) === undefined)).toEqual([])
    }
  })
})

import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { decodeCodePage, guessCodePage } from '../../../core/normalise/code-page.ts'

const JAPANESE = [
  '日時,端末名,ユーザー名,コマンドライン',
  '2026/03/11 00:30:15,端末１,山田太郎,cmd.exe /c echo 表示',
  '請求書を確認してください。',
  'ﾃｽﾄ用の端末',
]
const CHINESE = [
  '時間,電腦名稱,使用者,指令列',
  '2026/03/11 00:30:15,電腦一,王小明,cmd.exe /c echo 功能',
  '主旨：請款單（許功蓋）',
]
const LATIN = [
  'Müller;Größe;Straße',
  'l’été, naïve café — “déjà vu”',
  'Peña, año, São João, ações',
  'ÄÖÜ äöü ß €',
  'it’s 5 °C',
  'Zoë Ångström’s résumé…',
]

describe('text that is no UTF-8', () => {
  it.each(JAPANESE)('of a Japanese machine is read as Shift_JIS: %s', (text) => {
    expect(decodeCodePage(iconv.encode(text, 'shift_jis'))).toEqual({ text, page: 'shift_jis' })
  })
  it.each(CHINESE)('of a Taiwanese machine is read as Big5: %s', (text) => {
    expect(decodeCodePage(iconv.encode(text, 'big5'))).toEqual({ text, page: 'big5' })
  })
  it.each(LATIN)('of a western machine is read as Windows-1252: %s', (text) => {
    expect(decodeCodePage(iconv.encode(text, 'windows-1252'))).toEqual({ text, page: 'windows-1252' })
  })

  it('follows the lines before it where it says too little itself', () => {
    const bytes = iconv.encode('山 logged on', 'shift_jis')
    expect(guessCodePage(bytes)).toBeUndefined()
    expect(decodeCodePage(bytes).page).toBe('windows-1252')
    expect(decodeCodePage(bytes, 'shift_jis').text).toBe('山 logged on')
    expect(decodeCodePage(iconv.encode('café,', 'windows-1252'), 'shift_jis').text).toBe('café,')
  })

  it('may be cut inside its last character', () => {
    const bytes = iconv.encode('端末名とユーザー名', 'shift_jis')
    expect(guessCodePage(bytes.subarray(0, -1))).toBe('shift_jis')
  })

  it('is not taken for Chinese of Taiwan when it is Chinese or Korean of elsewhere', () => {
    for (const [text, page] of [
      ['用户名计算机名称进程命令行路径', 'gbk'],
      ['사용자 이름 컴퓨터 프로세스 명령줄', 'euc-kr'],
    ] as const)
      expect(guessCodePage(iconv.encode(text, page))).toBeUndefined()
  })
})

import { BRANDS, BRAND_DOMAINS, type Brand } from './data/brands.ts'
import type { PageImage } from './page-facts.ts'
import type { Sign } from './sign.ts'
import { toUrlFacts } from './url-facts.ts'

/** Words by which kits and the pages they copy name a logo. */
const LOGO = /logo|brand|banner|wordmark|header-?img|masthead/i

/** The owner of a picture: fetched from the brand's own ground, or named after it and called a logo. */
function brandOf({ src, label }: PageImage): Brand | undefined {
  const { owner } = toUrlFacts(src)
  const byHost = BRANDS.find(({ domains }) => domains.includes(owner))
  if (byHost !== undefined) return byHost
  // A picture inside the page has no name but its label; its bytes say nothing here.
  const file = src.startsWith('data:') ? '' : src.slice(src.lastIndexOf('/') + 1)
  const isLogo = LOGO.test(label) || LOGO.test(file)
  const words = `${label} ${file}`.toLowerCase().split(/[^a-z0-9]+/)
  return BRANDS.find(({ word }) => words.includes(word) && (isLogo || label.toLowerCase().trim() === word))
}

/** `Sign in with Google`, `Weiter mit Apple`, `使用 Google 登入`: the page offers it beside its own password. */
const isOffered = ({ word }: Brand, text: string): boolean =>
  new RegExp(
    `(?:\\b(?:with|mit|avec|con|com|via|using)|使用|透過|以)\\s*${word}\\b|\\b${word}\\s*(?:で|帳號|帳戶|アカウント)`,
    'u',
  ).test(text)

/** The logo of a page that is after passwords, held against its host (W5): whose picture it shows and whose ground it stands on. */
const pageLogo: Sign = {
  id: 'page-logo',
  weight: 3,
  about: 'identity',
  texts: {
    en: {
      text: 'The page shows a picture named or linked as the logo of {found}, but its host does not belong to them. Only names and sources are compared, not what a picture looks like.',
    },
    'zh-TW': {
      text: '頁面中有以名稱或來源標示為 {found} 標誌的圖片，但主機不屬於該公司。僅比對名稱與來源，不比對圖片內容。',
    },
    ja: {
      text: 'ページには名前または取得元から {found} のロゴとされる画像がありますが、ホストはその企業のものではありません。比べるのは名前と取得元だけで、画像の見た目は比べません。',
    },
  },
  find({ pages, url }) {
    if (BRAND_DOMAINS.has(url.owner)) return undefined
    for (const page of pages.filter(({ hasPasswordField }) => hasPasswordField)) {
      const shown = new Set(
        page.images.flatMap((image) => {
          const brand = brandOf(image)
          return brand === undefined || brand.domains.includes(url.owner) ? [] : [brand]
        }),
      )
      // Buttons to sign in by way of others show their logos, too: several of them, or one that says so.
      const [brand] = shown
      const isOneOwner = new Set([...shown].map(({ domains }) => domains[0])).size === 1
      if (brand !== undefined && isOneOwner && !isOffered(brand, page.text)) return brand.word
    }
    return undefined
  },
}
export default pageLogo

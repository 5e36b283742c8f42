// `npm run -s texts > resources/locales/xx.json`: every text a new language needs, in English: those of the screens (en.json),
// of importers, rules, sections and errors, and of the command line. Translate the values, keep the keys (CODE.md).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'vite'
import { checkoutFolder } from './checkout.mjs'

const server = await createServer({
  configFile: false,
  root: checkoutFolder,
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, ws: false, watch: null },
})
try {
  const [catalog, words] = await Promise.all([
    server.ssrLoadModule('/core/catalog.ts'),
    server.ssrLoadModule('/core/hosts/cli/words.ts'),
  ])
  const screens = JSON.parse(readFileSync(join(checkoutFolder, 'resources/locales/en.json'), 'utf8'))
  const extensions = { ...words.ownTexts('en'), ...catalog.messagesOf('en') }
  const further = Object.keys(extensions).filter((key) => !(key in screens))
  for (const key of further.sort()) screens[key] = extensions[key]
  console.log(JSON.stringify(screens, null, 2))
} finally {
  await server.close()
}

// `npm run texts -- TAG` writes resources/locales/TAG.json: every text a new language needs, in English: those of the screens (en.json),
// of importers, rules, sections and errors, and of the command line. Translate the values, keep the keys (CODE.md).
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'vite'
import { checkoutFolder } from './checkout.mjs'

const [, , tag = ''] = process.argv
const file = join(checkoutFolder, 'resources/locales', `${tag}.json`)
if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) || existsSync(file)) {
  console.error(
    'Usage: npm run texts -- TAG, where TAG is a language that has no file yet, such as de or pt-BR',
  )
  process.exitCode = 2
} else {
  await writeTexts(tag, file)
}

async function writeTexts(tag, file) {
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
    // Written last and by us: the registries would read a file that a shell has opened, still empty.
    writeFileSync(file, `${JSON.stringify(screens, null, 2)}\n`)
    console.log(`Wrote ${Object.keys(screens).length} texts to resources/locales/${tag}.json.`)
  } finally {
    await server.close()
  }
}

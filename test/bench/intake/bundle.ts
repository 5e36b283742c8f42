import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..', '..', '..')

/** What is timed, as the product ships it: bundled, no type stripping at start. Returns the folder. */
export async function bundle(folder: string): Promise<string> {
  const outDir = join(folder, 'built')
  // Native packages stay outside the bundle and are looked for beside it.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    build: {
      ssr: true,
      outDir,
      minify: false,
      rollupOptions: {
        input: {
          importing: join(import.meta.dirname, 'importing.ts'),
          reading: join(import.meta.dirname, '..', 'evtx', 'reading.ts'),
          'json-floor': join(import.meta.dirname, 'json-floor.ts'),
          'parse-thread': join(root, 'core', 'evidence', 'parse-thread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  })
  return outDir
}

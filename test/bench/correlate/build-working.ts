import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..', '..', '..')

/** Builds `working.js`, which fills and correlates cases in a process of its own, into a folder beside a link to `node_modules`. */
export async function buildWorking(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    build: {
      ssr: true,
      outDir,
      minify: false,
      rollupOptions: {
        input: { working: join(import.meta.dirname, 'working.ts') },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  })
}

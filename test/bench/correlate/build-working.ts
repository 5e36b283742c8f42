import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..', '..', '..')

/**
 * Builds `working.js`, which works on cases in a process of its own, into a folder beside a link to `node_modules`.
 * @param entry what it is made of; left out: what fills and correlates cases
 */
export async function buildWorking(
  outDir: string,
  entry = join(import.meta.dirname, 'working.ts'),
): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    build: {
      ssr: true,
      outDir,
      minify: false,
      rollupOptions: {
        input: { working: entry },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  })
}

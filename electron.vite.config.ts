import vue from '@vitejs/plugin-vue'
import { resolve } from 'node:path'
import { defineConfig } from 'electron-vite'

const at = (path: string): string => resolve(import.meta.dirname, path)
/** tools/checkout.mjs builds beside `out/` and puts the result in its place whole. */
const out = process.env['REDTHREAD_OUT'] ?? 'out'

/** Compile-time flags of the libraries that ask for them; none of them needs `unsafe-eval`. */
const define = {
  __INTLIFY_PROD_DEVTOOLS__: 'false',
  __INTLIFY_DROP_MESSAGE_COMPILER__: 'false',
  __VUE_OPTIONS_API__: 'true',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  __VUE_I18N_FULL_INSTALL__: 'true',
  __VUE_I18N_LEGACY_API__: 'false',
}

/**
 * One build, three targets:
 *
 *     out/main/main.js        desktop host (Electron main process)
 *     out/main/thread.js      engine thread (desktop and browser mode)
 *     out/main/job-thread.js  job thread: the one writer
 *     out/main/parse-thread.js  parse thread: one large evidence file
 *     out/main/cli.js         command line
 *     out/main/http.js        browser mode
 *     out/preload/preload.cjs sandboxed preload: requires nothing but `electron`
 *     out/renderer/           the Vue app, served by app:// or by browser mode
 *     out/stamp.json          hash of the sources it was built from (tools/ensure.mjs)
 */
export default defineConfig({
  main: {
    define,
    build: {
      outDir: `${out}/main`,
      emptyOutDir: true,
      sourcemap: false,
      minify: false,
      rolldownOptions: {
        checks: { pluginTimings: false },
        input: {
          main: at('electron/main.ts'),
          thread: at('core/hosts/thread.ts'),
          'job-thread': at('core/jobs/job-thread.ts'),
          'parse-thread': at('core/evidence/parse-thread.ts'),
          cli: at('core/hosts/cli.ts'),
          http: at('core/hosts/http.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: `${out}/preload`,
      emptyOutDir: true,
      // A sandboxed preload cannot require packages: everything but `electron` must be inside.
      externalizeDeps: false,
      minify: false,
      rolldownOptions: {
        checks: { pluginTimings: false },
        input: { preload: at('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    define,
    resolve: { alias: { '@core': at('core'), '@': at('renderer') } },
    plugins: [vue()],
    worker: { format: 'es' },
    build: {
      outDir: at(`${out}/renderer`),
      emptyOutDir: true,
      target: 'es2024',
      // `font-src 'self'` and `img-src 'self'`: assets stay files, never data: URLs.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { checks: { pluginTimings: false }, input: { index: at('renderer/index.html') } },
    },
  },
})

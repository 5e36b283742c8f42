import { chromium, type Browser, type LaunchOptions } from 'playwright-core'
import { findBrowser } from '../../core/report/print/find-browser.ts'

/** Path of the machine's Chromium; the e2e suite needs one and says so. */
export function chromiumPath(): string {
  const path = findBrowser()
  if (path === undefined)
    throw new Error('The e2e suite needs Chromium, Chrome or Edge; set CHROMIUM to its path.')
  return path
}

/** A headless browser without any network service of its own. */
export function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    // A container's root has no user namespaces for the sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-background-networking', '--disable-component-update', '--no-pings'],
    ...options,
  })
}

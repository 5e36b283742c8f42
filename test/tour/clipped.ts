import type { Page } from 'playwright-core'

/**
 * Words of ours that are cut off on the page: labels of buttons, tabs, heads and options whose text is wider or higher than its box
 * and which have no tooltip that says it whole. Text out of evidence (`bdi`) may be cut: the inspector has it.
 */
export function clippedTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>()
    const wanted = 'button, [role="tab"], h1, h2, h3, label, th, [role="columnheader"], a, legend, summary'
    for (const element of document.querySelectorAll<HTMLElement>(wanted)) {
      const box = element.getBoundingClientRect()
      if (
        box.width === 0 ||
        box.height === 0 ||
        element.querySelector('bdi') ||
        element.closest('bdi, .sr-only')
      )
        continue
      for (const part of [element, ...element.querySelectorAll<HTMLElement>('*')]) {
        const style = getComputedStyle(part)
        if (style.overflowX === 'visible' || !part.textContent.trim() || part.classList.contains('sr-only'))
          continue
        const isCut = part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 3
        const isTold = [part, element].some((one) => one.title !== '' || one.closest('[title]') !== null)
        if (isCut && !isTold)
          found.add(`${part.tagName.toLowerCase()} "${part.textContent.trim().slice(0, 60)}"`)
      }
    }
    return [...found]
  })
}

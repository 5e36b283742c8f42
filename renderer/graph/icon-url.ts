import { h, render, type Component } from 'vue'

const known = new Map<string, string>()

/** Serialises one Lucide icon as SVG text of the given colour, 24 x 24. */
export function iconSvg(icon: Component, color: string): string {
  const host = document.createElement('div')
  render(h(icon, { color, size: 24, strokeWidth: 2 }), host)
  const svg = host.firstElementChild
  if (!svg) return ''
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  const text = new XMLSerializer().serializeToString(svg)
  render(null, host)
  return text
}

/** The same as a data URI for the canvas; made once per kind and colour. */
export function iconUrl(kind: string, icon: Component, color: string): string {
  const key = `${kind} ${color}`
  let url = known.get(key)
  if (url === undefined) {
    url = `data:image/svg+xml;utf8,${encodeURIComponent(iconSvg(icon, color))}`
    known.set(key, url)
  }
  return url
}

// Draws Vega-Lite specifications as SVG text without a browser. Vega loads only when something is drawn.
import type { Chart } from './chart-frame.ts'
import { escapeHtml } from './html.ts'

/** The chart as an `<svg>` element for a page: named for screen readers, with no namespace address in it. */
export const drawSvg = async ({ spec, alt }: Chart): Promise<string> => {
  const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')])
  const view = new vega.View(vega.parse(lite.compile(spec).spec), { renderer: 'none' })
  const svg = await view.toSVG()
  view.finalize()
  return svg
    .replace(/ xmlns(:xlink)?="[^"]*"/g, '')
    .replace('<svg version="1.1" class="marks"', `<svg role="img" aria-label="${escapeHtml(alt)}"`)
}

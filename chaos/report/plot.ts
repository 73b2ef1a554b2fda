// Messages over time, with the faults marked, as an SVG.

import { LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { Result } from '../run.ts'

echarts.use([LineChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer])

const WIDTH = 900
const HEIGHT = 280
/** Points over the whole width. */
const POINTS = 180
/** Marks that have room for their words. */
const LABELLED = 8

export function plot({ scenario, on, stage, series }: Result): string {
  const end = Math.max(...[series.sent, series.ended].map((times) => times.at(-1) ?? 0), 1)
  const width = Math.max(100, end / POINTS)
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT })
  const line = (name: string, times: number[]) => ({
    name,
    type: 'line' as const,
    step: 'middle' as const,
    showSymbol: false,
    lineStyle: { width: 1.2 },
    data: rate(times, width, end),
  })
  const labels = series.marks.length <= LABELLED
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: { text: `${scenario} on ${on}`, subtext: stage, textStyle: { fontSize: 14 }, left: 10 },
    legend: { right: 10, top: 10 },
    grid: { left: 60, right: 20, top: 60, bottom: 40 },
    xAxis: { type: 'value', name: 's', max: Math.ceil(end / 1000), nameLocation: 'end' },
    yAxis: { type: 'value', name: 'messages/s' },
    color: ['#3366aa', '#44aa66'],
    series: [
      {
        ...line('sent', series.sent),
        markLine: {
          symbol: 'none',
          lineStyle: { color: '#cc3311', type: 'dashed', width: 1 },
          label: { show: labels, formatter: '{b}', fontSize: 10, position: 'insideEndTop' },
          data: series.marks.map(({ t, text }) => ({ name: text, xAxis: t / 1000 })),
        },
      },
      line('done', series.ended),
    ],
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

/** [s, messages a second] for each stretch of `width` ms. */
function rate(times: number[], width: number, end: number): Array<[number, number]> {
  const counts = new Array<number>(Math.floor(end / width) + 1).fill(0)
  for (const t of times) counts[Math.floor(t / width)] = (counts[Math.floor(t / width)] ?? 0) + 1
  return counts.map((count, i) => [((i + 0.5) * width) / 1000, (count * 1000) / width])
}

// Imports point one way, from the faces down to the foundation, so each layer can be read without those above it.
import { describe, expect, test } from 'vitest'
import { filesIn, importsOf } from './tree.ts'

const publicIndex = 'lib/index.ts'
const endpointIndex = 'lib/http/index.ts'
const layers: Array<[name: string, pattern: RegExp]> = [
  ['foundation', /^lib\/(errors|duration|limits|id|key|body|record)\.ts$/],
  ['store', /^lib\/redis\//],
  ['library', /^lib\/(?!index\.ts$|cli\/|http\/|redis\/)/],
  ['workers', /^workers\//],
  ['public index', /^lib\/index\.ts$/],
  ['faces', /^(lib\/cli|lib\/http|examples|bench)\//],
]

/** Runs the scripts without the library around them, to measure what that costs; so it has to look inside. */
const bareLoop = 'bench/bare-loop.ts'

const sources = filesIn(['lib', 'workers', 'examples', 'bench'], '.ts').filter(({ path }) => path !== bareLoop)
const own = sources.flatMap((file) =>
  importsOf(file)
    .filter((target) => layerOf(target) >= 0)
    .map((target) => ({ from: file.path, target })),
)

describe('imports', () => {
  test('stay in their layer or go to one below', () => {
    expect(own.filter(({ from, target }) => layerOf(target) > layerOf(from)).map(told)).toEqual([])
  })

  test('of a face go to the public index or to its own files; the command line starts the endpoint, too', () => {
    const faces = own.filter(({ from }) => isFace(from))
    const wrong = faces.filter(
      ({ from, target }) =>
        target !== publicIndex &&
        faceOf(from) !== faceOf(target) &&
        !(faceOf(from) === 'lib/cli' && target === endpointIndex),
    )
    expect(wrong.map(told)).toEqual([])
  })

  test('of examples and benchmarks name the package as a user would', () => {
    const wrong = own.filter(({ from, target }) => /^(examples|bench)\//.test(from) && /^(lib|workers)\//.test(target))
    expect(wrong.map(told)).toEqual([])
  })
})

describe('the store', () => {
  const others = filesIn(['lib', 'workers'], '.ts').filter(({ path }) => !path.startsWith('lib/redis/'))

  test('alone imports ioredis', () => {
    const wrong = others.filter((file) => importsOf(file).some((target) => target.startsWith('ioredis')))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  test('alone names Redis commands', () => {
    const command =
      /'(?:Z[A-Z]{3,}|H(?:SET|GET|MGET|DEL|LEN|SCAN)|EVAL(?:SHA)?|S?PUBLISH|S?SUBSCRIBE|SCRIPT|CLUSTER|INFO)'/
    const method =
      /\.(?:z(?:add|rem|card|score|range)|h(?:set|get|mget|del|len)|eval(?:sha)?|s?publish|defineCommand)\(/
    const wrong = others.filter(({ text }) => command.test(text) || method.test(text))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  test('has its Lua in lua/ alone', () => {
    const lua = /\b(?:KEYS|ARGV)\[|\blocal \w+ *=/
    expect(sources.filter(({ text }) => lua.test(text)).map(({ path }) => path)).toEqual([])
  })
})

function layerOf(path: string): number {
  return layers.findIndex(([, pattern]) => pattern.test(path))
}

function isFace(path: string): boolean {
  return layerOf(path) === layers.length - 1
}

/** `lib/cli`, `lib/http`, `examples` or `bench`. */
function faceOf(path: string): string | undefined {
  return /^(lib\/cli|lib\/http|examples|bench)\//.exec(path)?.[1]
}

function told({ from, target }: { from: string; target: string }): string {
  return `${from} imports ${target}`
}

// A file of YAML (so JSON, too) in which every text knows where it stands.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml'
import { meant } from './suggest.ts'

const MOST_BYTES = 1024 * 1024

/** What a file says and, found on the way, what is wrong with it. */
export class Source {
  readonly root: Item
  readonly #lines = new LineCounter()

  constructor(
    readonly file: string,
    text: string,
    /** `file:line:column: what is wrong`, of all files that belong together. */
    readonly problems: string[],
  ) {
    const document = this.#parse(text)
    this.root = new Item(this, (document?.contents ?? null) as Node | null)
  }

  wrong(offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset)
    this.problems.push(`${this.file}:${line || 1}:${col || 1}: ${message}`)
  }

  // The library's own messages quote the file, where somebody may have left a secret: its codes do not. By the schema all
  // scalars are texts, so 012345678901 is an account and no number.
  #parse(text: string): Document | undefined {
    if (Buffer.byteLength(text) > MOST_BYTES) {
      this.wrong(0, `a configuration has at most ${MOST_BYTES} bytes`)
      return undefined
    }
    try {
      const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, schema: 'failsafe' })
      for (const { code, pos } of [...document.errors, ...document.warnings]) {
        this.wrong(pos[0], `this is no valid YAML: ${code.toLowerCase().replaceAll('_', ' ')}`)
      }
      return document
    } catch {
      this.wrong(0, 'this is no valid YAML')
      return undefined
    }
  }
}

export class Item {
  constructor(
    readonly source: Source,
    readonly node: Node | null,
    /** Where to point for what is not there. */
    private readonly above = 0,
  ) {}

  get offset(): number {
    return this.node?.range?.[0] ?? this.above
  }

  get isText(): boolean {
    return isScalar(this.node)
  }

  wrong(message: string): undefined {
    this.source.wrong(this.offset, message)
    return undefined
  }

  text(expected: string): string | undefined {
    if (isScalar(this.node) && typeof this.node.value === 'string' && this.node.value !== '') return this.node.value
    return this.wrong(expected)
  }

  /** The elements of a list. */
  items(expected: string): Item[] {
    if (isSeq(this.node)) return this.node.items.map((node) => new Item(this.source, node as Node | null, this.offset))
    this.wrong(expected)
    return []
  }

  /** What stands under each name. */
  entries(expected: string): Array<{ name: string; key: Item; value: Item }> {
    if (isMap(this.node)) {
      return this.node.items.map((pair) => {
        const key = new Item(this.source, pair.key as Node, this.offset)
        return { name: nameOf(pair), key, value: new Item(this.source, pair.value as Node | null, key.offset) }
      })
    }
    this.wrong(expected)
    return []
  }

  /** Those of a mapping that has no other names than these. */
  members<Name extends string>(names: readonly Name[], expected: string): Partial<Record<Name, Item>> {
    const found: Partial<Record<Name, Item>> = {}
    for (const { name, key, value } of this.entries(expected)) {
      if (names.includes(name as Name)) found[name as Name] = value
      else key.wrong(`there is no '${name}' here; ${meant(name, names)}`)
    }
    return found
  }

  /** As JSON would have it. */
  plain(): unknown {
    if (isScalar(this.node)) return this.node.value
    if (isSeq(this.node)) return this.items('').map((item) => item.plain())
    if (isMap(this.node)) return Object.fromEntries(this.entries('').map(({ name, value }) => [name, value.plain()]))
    return isAlias(this.node) ? this.wrong('aliases are not taken') : null
  }

  /** Report on what stands at the end of a path, or as far as there is something. */
  at(path: ReadonlyArray<string | number>, message: string): void {
    let node: unknown = this.node
    let offset = this.offset
    for (const part of path) {
      const pair = isMap(node) ? node.items.find((one) => nameOf(one) === part) : undefined
      const key = pair?.key as Node | undefined
      node = isSeq(node) ? node.items[part as number] : pair?.value
      offset = (key ?? (node as Node | undefined))?.range?.[0] ?? offset
    }
    this.source.wrong(offset, message)
  }
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : ''
}

/** All ways to shuffle lists into one, each list in its order. */
export function* shuffles<S>(lists: S[][]): Generator<S[]> {
  const left = lists.filter((list) => list.length > 0)
  if (left.length === 0) yield []
  for (const list of left) {
    const [first, ...rest] = list
    for (const tail of shuffles(left.map((other) => (other === list ? rest : other)))) yield [first as S, ...tail]
  }
}

// A handler in TypeScript that Node does not run by itself, whatever its version: an enum is more than a type.
import type { HandlerContext, IsolatedHandler } from '../../../lib/index.ts'

enum Word {
  Said = 'typed',
}

const handle: IsolatedHandler<{ with: string }, string> = ({ body }, { fence }: HandlerContext) =>
  fence > 0 ? `${Word.Said} ${body.with}` : ''

export default handle

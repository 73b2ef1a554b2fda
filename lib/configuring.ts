// Changing attributes: to what is given, or to what a function makes of what they are now.
import { ATTRIBUTE_NAMES, type Attributes, toStored } from './attributes.ts'
import type { Backend } from './backend.ts'
import { changing, type Decision } from './declaring.ts'
import { type Description, describe } from './description.ts'
import { known } from './options.ts'
import type { Home } from './redis/home.ts'

/** What `queue.configure` takes. */
export type Configuring = Attributes | ((now: Description) => Attributes)

/** The decision at the home. A function is asked again where the home has changed meanwhile, so that no change is lost. */
export function configuring(
  { name, shared }: Pick<Backend, 'name' | 'shared'>,
  given: Configuring,
): (home: Home, deadline: number) => Decision {
  const stored = (attributes: Attributes) => {
    known(attributes, ATTRIBUTE_NAMES, 'configure')
    return toStored(attributes, { namespace: shared.namespace, queue: name })
  }
  if (typeof given !== 'function') {
    const changes = stored(given)
    return (home, deadline) => changing(home, changes, deadline)
  }
  return (home, deadline) => (found) =>
    changing(home, stored(given(describe(found, { name, shared }))), deadline)(found)
}

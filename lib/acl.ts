// What a Redis user needs who does one thing with a queue.
import { InvalidOption } from './errors.ts'
import { flag, known, namespaceName, queueName } from './options.ts'
import { type Access, aclOf, type Role } from './redis/acl.ts'

export interface AclOptions extends Omit<Access, 'namespace'> {
  /** 'default' unless given. */
  namespace?: string
}

const ROLES: readonly Role[] = ['producer', 'consumer', 'admin']

/** The words of a Redis ACL rule, as `ACL SETUSER` takes them behind a user's name and password. */
export function acl(options: AclOptions): string[] {
  known(options, ['namespace', 'queue', 'role', 'to', 'fsync'], 'acl')
  const { namespace = 'default', queue, role, to = [], fsync = false } = options
  if (!ROLES.includes(role))
    throw new InvalidOption(`\`role\` must be one of ${ROLES.map((name) => `'${name}'`).join(', ')}, got '${role}'`)
  return aclOf({
    namespace: namespaceName(namespace),
    queue: queueName(queue),
    role,
    to: to.map(queueName),
    fsync: flag(fsync, 'fsync'),
  })
}

// What a condition says of a request. `key` is the value (or the values) that the request has; absent where it is undefined.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so policies write their variables

export interface ConditionCase {
  operator: string
  /** What the policy wants. */
  wants: unknown
  key: string | string[] | undefined
  holds: boolean
}

const rows = (operator: string, ...cases: Array<[wants: unknown, key: ConditionCase['key'], holds: boolean]>) =>
  cases.map(([wants, key, holds]): ConditionCase => ({ operator, wants, key, holds }))

/** The operators, what holds and what does not; the tests make their negations, IfExists and absence of these. */
export const POSITIVE: ConditionCase[] = [
  ...rows(
    'StringEquals',
    ['a', 'a', true],
    ['a', 'A', false],
    [['x', 'a'], 'a', true],
    ['a*', 'ab', false],
    ['a*', 'a*', true],
  ),
  ...rows(
    'StringEquals',
    ['${aws:username}', 'bob', true],
    ['${aws:username}', 'eve', false],
    ['${*}', '*', true],
    ['${$}{x}', '${x}', true],
  ),
  ...rows('StringEqualsIgnoreCase', ['Abc', 'aBC', true], ['abc', 'abd', false], ['X${aws:username}', 'xBOB', true]),
  ...rows(
    'StringLike',
    ['a*c', 'abbbc', true],
    ['a*c', 'ab', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*', '', true],
  ),
  ...rows(
    'StringLike',
    ['${aws:username}*', 'bobby', true],
    ['a${*}c', 'abc', false],
    ['a${*}c', 'a*c', true],
    ['A*', 'ab', false],
  ),
  ...rows(
    'NumericEquals',
    ['10', '10.0', true],
    [10, '10', true],
    ['10', '11', false],
    ['10', 'ten', false],
    [['1', '2'], '2', true],
  ),
  ...rows(
    'DateEquals',
    ['2030-01-01T00:00:00Z', '2030-01-01T01:00:00+01:00', true],
    ['2030-01-01', '1893456000', true],
  ),
  ...rows('DateEquals', ['2030-01-01', '2030-01-02', false], ['2030-01-01', 'soon', false]),
  ...rows(
    'IpAddress',
    ['203.0.113.0/24', '203.0.113.7', true],
    ['203.0.113.0/24', '203.0.114.7', false],
    ['203.0.113.7', '203.0.113.7', true],
  ),
  ...rows(
    'IpAddress',
    ['203.0.113.0/24', '::ffff:203.0.113.7', true],
    ['2001:db8::/32', '2001:db8::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
  ),
  ...rows(
    'IpAddress',
    [['10.0.0.0/8', '192.168.0.0/16'], '192.168.3.4', true],
    ['0.0.0.0/0', '1.2.3.4', true],
    ['0.0.0.0/0', 'unknown', false],
  ),
  ...rows(
    'ArnEquals',
    ['arn:aws:iam::1:user/bob', 'arn:aws:iam::1:user/bob', true],
    ['arn:aws:iam::1:user/*', 'arn:aws:iam::1:user/bob', true],
  ),
  ...rows('ArnLike', ['arn:aws:iam::*:user/b*', 'arn:aws:iam::1:user/bob', true]),
  ...rows(
    'ArnLike',
    ['arn:aws:iam:*:*:*', 'arn:aws:iam::1:a:b:c', true],
    ['arn:aws:iam::1:user/${aws:username}', 'arn:aws:iam::1:user/bob', true],
    ['*', 'arn:aws:iam::1:root', true],
  ),
  ...rows(
    'ArnLike',
    ['arn:aws:iam::*:root', 'arn:aws:iam::1:user/root', false],
    ['arn:aws:iam::*:root', 'no arn', false],
  ),
]

export const NEGATIONS: Record<string, string> = {
  StringEquals: 'StringNotEquals',
  StringEqualsIgnoreCase: 'StringNotEqualsIgnoreCase',
  StringLike: 'StringNotLike',
  NumericEquals: 'NumericNotEquals',
  DateEquals: 'DateNotEquals',
  IpAddress: 'NotIpAddress',
  ArnEquals: 'ArnNotEquals',
  ArnLike: 'ArnNotLike',
}

/** Those that have no opposite. */
export const PLAIN: ConditionCase[] = [
  ...rows('NumericLessThan', ['10', '9.5', true], ['10', '10', false], ['1e2', '99', true], ['10', '', false]),
  ...rows('NumericLessThanEquals', ['10', '10', true], ['10', '10.1', false]),
  ...rows('NumericGreaterThan', ['-1', '0', true], ['0', '0', false]),
  ...rows('NumericGreaterThanEquals', ['0', '0', true], ['0', '-0.5', false]),
  ...rows(
    'DateLessThan',
    ['2030-01-01T00:00:00Z', '2029-12-31T23:59:59.999Z', true],
    ['2030-01-01T00:00:00Z', '2030-01-01T00:00:00Z', false],
  ),
  ...rows(
    'DateLessThanEquals',
    ['2030-01-01T00:00:00Z', '2030-01-01T00:00:00Z', true],
    ['2030-01-01', '2030-01-02', false],
  ),
  ...rows('DateGreaterThan', ['2030-01-01', '2030-01-02', true], ['2030-01-01', '2030-01-01', false]),
  ...rows('DateGreaterThanEquals', ['2030-01-01', '2030-01-01', true], ['1893456001', '2030-01-01T00:00:00Z', false]),
  ...rows(
    'Bool',
    ['true', 'true', true],
    [true, 'true', true],
    ['True', 'true', true],
    ['false', 'true', false],
    ['true', 'yes', false],
  ),
  ...rows('BinaryEquals', ['QmluYXJ5', 'QmluYXJ5', true], ['QmluYXJ5', 'Qmlu', false]),
]

/** Presence, quantifiers, and keys with several values. */
export const SEVERAL: ConditionCase[] = [
  ...rows(
    'Null',
    ['true', undefined, true],
    ['true', 'x', false],
    ['false', 'x', true],
    [false, undefined, false],
    [['true', 'false'], 'x', true],
  ),
  ...rows('StringEquals', [['a', 'b'], ['x', 'b'], true], [['a', 'b'], ['x', 'y'], false], ['a', [], false]),
  ...rows('StringNotEquals', [['a', 'b'], ['x', 'y'], true], [['a', 'b'], ['x', 'b'], false], ['a', [], true]),
  ...rows(
    'ForAllValues:StringEquals',
    [['a', 'b'], ['a', 'b'], true],
    [['a', 'b'], ['a', 'x'], false],
    ['a', undefined, true],
    ['a', [], true],
  ),
  ...rows(
    'ForAnyValue:StringEquals',
    [['a', 'b'], ['a', 'x'], true],
    ['a', ['x', 'y'], false],
    ['a', undefined, false],
  ),
  ...rows(
    'ForAllValues:StringNotEquals',
    [['a', 'b'], ['x', 'y'], true],
    ['a', ['a', 'x'], false],
    ['a', undefined, true],
  ),
  ...rows(
    'ForAnyValue:StringNotEquals',
    ['a', ['a', 'x'], true],
    [['a', 'x'], ['a', 'x'], false],
    ['a', undefined, false],
  ),
  ...rows('ForAnyValue:StringLikeIfExists', ['a*', ['b', 'ab'], true], ['a*', undefined, true]),
]

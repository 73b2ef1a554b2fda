import { describe, expect, test } from 'vitest'
import * as errors from '../../lib/errors.ts'
import { flag, known, namespaceName, queueName, whole } from '../../lib/options.ts'

describe('options', () => {
  test('that are known, or none, are taken', () => {
    known(undefined, ['delay'], 'send')
    known({}, ['delay'], 'send')
    known({ delay: undefined }, ['delay'], 'send')
  })

  test.each([
    ['dealy', 'delay'],
    ['visibilty', 'visibility'],
    ['signals', 'signal'],
  ])('%s: was %s meant?', (given, meant) => {
    const names = ['delay', 'visibility', 'signal', 'timeout']
    expect(() => known({ [given]: 1 }, names, 'send')).toThrow(
      `send has no option \`${given}\`; did you mean \`${meant}\`?`,
    )
  })

  test('must be an object', () => {
    for (const [options, got] of [
      [null, 'null'],
      [5, 'number'],
      ['x', 'string'],
    ] as const) {
      expect(() => known(options, ['delay'], 'send')).toThrow(`the options of send must be an object, got ${got}`)
    }
    expect(() => known([], ['delay'], 'send')).toThrow(/must be an object/)
  })

  test('of numbers are whole, and in their range', () => {
    expect(whole(5, 'max', 1, 10)).toBe(5)
    for (const value of [0, 11, 1.5, Number.NaN, '5', null]) {
      expect(() => whole(value, 'max', 1, 10)).toThrow(`\`max\` must be a whole number between 1 and 10, got ${value}`)
    }
  })

  test('of yes or no are true or false', () => {
    expect([flag(true, 'update'), flag(false, 'update')]).toEqual([true, false])
    for (const value of [1, 'true', null]) expect(() => flag(value, 'update')).toThrow(/`update` must be true or false/)
  })
})

test('names are checked', () => {
  for (const name of ['a', 'video-jobs_2', 'Q'.repeat(80), 'a.fifo', `${'Q'.repeat(75)}.fifo`])
    expect(queueName(name)).toBe(name)
  for (const name of [
    '',
    'a b',
    'a/b',
    'a:b',
    '{a}',
    'a.b',
    '.fifo',
    'a.fifo.fifo',
    'ä',
    'Q'.repeat(81),
    `${'Q'.repeat(76)}.fifo`,
    5,
  ]) {
    expect(() => queueName(name)).toThrow(errors.InvalidName)
  }
  expect(namespaceName('team.one')).toBe('team.one')
  for (const name of ['', 'a/b', '{a}', 'n'.repeat(81)]) expect(() => namespaceName(name)).toThrow(errors.InvalidName)
})

describe('errors', () => {
  const names = Object.entries(errors).filter(([name]) => name !== 'BoomerangError')

  test.each(names)('%s has its name as code, a message and a cause', (name, Kind) => {
    const cause = new Error('why')
    const error = new (Kind as new (message: string, options?: ErrorOptions) => errors.BoomerangError)('what', {
      cause,
    })
    expect(error).toBeInstanceOf(errors.BoomerangError)
    expect(error).toMatchObject({ code: name, name, message: 'what', cause })
    expect(String(error)).toBe(`${name}: what`)
  })
})

import { call, customerId, headers } from './small-sources.ts'

const customer = customerId(1)
const good = call('good')

/** A day of calls of 2025-11-20 in which nearly every row is odd in a way of its own; where each record ends is certain. */
export const hostileCalls: Buffer = joinLines([
  headers.calls,
  good,
  // Quotes: closed and going on, behind a space, unescaped inside, inside an unquoted field, good ones with a line end.
  call('"a"b'),
  call(' "q"'),
  call('"5" pipe"'),
  call('"12 "Main" St"'),
  call('5" pipe'),
  call('"x\ny"'),
  call('"x ""y"" z"'),
  // Lines that hold nothing, and nearly nothing.
  '',
  '   ',
  ',,,,,,,,',
  // Null words are text, a no-break space is no white space, case makes another key.
  call('\\N'),
  call('NULL', { status: 'resolved' }),
  call('\u00a0nb'),
  call('nb'),
  call('dup', { agent: 'abc' }),
  call('dup'),
  call(' dup '),
  call('DUP'),
  // Numbers.
  call('n1', { agent: '+1004' }),
  call('n2', { agent: ' 1004 ' }),
  call('n3', { agent: '2147483648' }),
  `-0${good.slice(1).replace('good', 'n4')}`,
  `9223372036854775808${good.slice(1).replace('good', 'n5')}`,
  // Times.
  call('t1', { start: '2025-03-07 18:40:43.123456' }),
  call('t2', { start: '2025-03-07 18:40:43.1234567' }),
  call('t3', { start: '2025-03-07 24:00:00' }),
  call('t4', { start: '0000-01-01 00:00:00' }),
  call('t5', { start: '2025-02-29 00:00:00', agent: 'x', day: '2025-11-21' }),
  call('t6', { customer: customer.toUpperCase() }),
  // Bytes, in ragged rows too.
  Buffer.concat([Buffer.from('1,bad'), Buffer.from([0xff]), Buffer.from(`,${customer},Payments`)]),
  `${call('nul')},x\0`,
  `${call('cr')}\r`,
])

function joinLines(lines: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    lines.flatMap((line) => [typeof line === 'string' ? Buffer.from(line) : line, Buffer.from('\n')]),
  )
}

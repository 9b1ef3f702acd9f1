// A server for tests: listens on PORT and answers everything. MODE: 'fail' ends at once with a word on stderr, 'silent'
// never listens, 'stubborn' ignores SIGTERM.
import { createServer } from 'node:http'
import { setInterval } from 'node:timers'

const { MODE, PORT } = process.env
if (MODE === 'fail') {
  process.stderr.write('the disk is on fire\n')
  process.exit(7)
}
if (MODE === 'stubborn') process.on('SIGTERM', () => process.stdout.write('no\n'))
if (MODE === 'silent') setInterval(() => undefined, 1000)
else createServer((_request, response) => response.end('fine')).listen(Number(PORT), '127.0.0.1')

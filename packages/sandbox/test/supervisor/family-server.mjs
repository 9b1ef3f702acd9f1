// A server with a family, for tests: a child of its own group, and one that leads a session of its own and writes `asked`
// into FILE when it gets SIGTERM. Neither ends with it by itself.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { setInterval, setTimeout } from 'node:timers'

const { PORT, FILE } = process.env
const idle = 'setInterval(() => undefined, 1000)'
const polite = `process.on('SIGTERM', () => require('node:fs').writeFileSync(${JSON.stringify(FILE)}, 'asked')); ${idle}`
const children = [
  spawn(process.execPath, ['-e', `process.on('SIGTERM', () => undefined); ${idle}`], { stdio: 'ignore' }),
  spawn(process.execPath, ['-e', polite], { stdio: 'ignore', detached: true }),
]
createServer((_request, response) => response.end(JSON.stringify(children.map(({ pid }) => pid)))).listen(
  Number(PORT),
  '127.0.0.1',
)
process.on('SIGTERM', () => setTimeout(() => process.exit(0), 600))
setInterval(() => undefined, 1000)

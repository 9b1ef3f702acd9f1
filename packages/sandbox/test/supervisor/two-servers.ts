// A program for tests: starts two servers in a group, prints their ids, and waits. With `crash` it fails on its own.
import { createServiceGroup } from '../../src/supervisor/group.ts'
import { startSmallServer } from './start-small-server.ts'

const [sandboxDirectory = '', mode] = process.argv.slice(2)
const group = createServiceGroup({ onInterrupt: (reason) => process.stdout.write(`interrupted by ${reason}\n`) })
const first = await group.start((signal) => startSmallServer({ sandboxDirectory, name: 'first', signal }))
const second = await group.start((signal) => startSmallServer({ sandboxDirectory, name: 'second', signal }))
process.stdout.write(`${JSON.stringify([first.pid, second.pid])}\n`)
if (mode === 'crash')
  setTimeout(() => {
    throw new Error('a bug')
  }, 10)
// What is given up when the group stops must not look like a failure.
void new Promise((_, reject) => {
  group.signal.addEventListener('abort', () => reject(group.signal.reason as Error))
})
setInterval(() => undefined, 1000)
